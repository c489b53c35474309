"""Agents of SCML OneShot and Standard."""

from __future__ import annotations

import reprlib
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Union

from ._agent_game import Game, make

ACCEPT = "accept"
END = "end"


class Offer(NamedTuple):
    """What one party proposes to the other; the day is that of delivery."""

    quantity: int
    day: int
    unit_price: int


class Issue(NamedTuple):
    """What may be proposed: both ends included."""

    low: int
    high: int


class Issues(NamedTuple):
    """What may be negotiated today about one product."""

    quantity: Issue
    day: Issue
    unit_price: Issue


class Talk(NamedTuple):
    """A live negotiation in which it is the agent's turn; `offer` is the partner's, if it made one."""

    partner: int
    round: int
    selling: bool
    offer: Optional[Offer]


class Terms(NamedTuple):
    """What decides the worth of today, besides the trades. Costs and penalties are per unit and price."""

    day: int
    lines: int
    balance: float
    production_cost: float
    disposal_cost: float
    storage_cost: float
    shortfall_penalty: float
    own_price_scale: bool
    input_price: float
    output_price: float
    exogenous_in: int
    exogenous_in_price: float
    exogenous_out: int
    exogenous_out_price: float
    inventory_in: int
    inventory_out: int


Reply = Union[str, Offer]


class Desk:
    """What the agent's factory knows today.

    factory, level, levels, days, rounds, competitors, perishable: of the whole game.
    terms, input_issues, output_issues: of today; `terms.day` is its number.
    suppliers, consumers: partners that negotiate today.
    raw_supply, final_demand: units that the outside world sells and buys today.
    supplies, sales: units agreed on so far, for today.
    future_supplies, future_sales: the same for later days, [0] for tomorrow; empty in OneShot.
    """

    def __init__(self, desk: Dict[str, Any]) -> None:
        self.factory: int = desk["factory"]
        self.level: int = desk["level"]
        self.levels: int = desk["levels"]
        self.days: int = desk["days"]
        self.rounds: int = desk["rounds"]
        self.competitors: int = desk["competitors"]
        self.perishable: bool = desk["perishable"]
        self.terms = Terms(*[desk["terms"][name] for name in Terms._fields])
        self.input_issues = _issues(desk["input_issues"])
        self.output_issues = _issues(desk["output_issues"])
        self.suppliers: int = desk["suppliers"]
        self.consumers: int = desk["consumers"]
        self.raw_supply: int = desk["raw_supply"]
        self.final_demand: int = desk["final_demand"]
        self.supplies: int = desk["supplies"]
        self.sales: int = desk["sales"]
        self.future_supplies: List[int] = desk["future_supplies"]
        self.future_sales: List[int] = desk["future_sales"]

    @property
    def first_level(self) -> bool:
        """Whether its input comes from the outside world."""
        return self.level == 0

    @property
    def last_level(self) -> bool:
        """Whether its output goes to the outside world."""
        return self.level == self.levels - 1

    def issues(self, selling: bool) -> Issues:
        """What may be negotiated with consumers (selling) or with suppliers."""
        return self.output_issues if selling else self.input_issues

    def agreed_on(self, day: int, selling: bool) -> int:
        """Units that are agreed on for that day, today or later."""
        if day == self.terms.day:
            return self.sales if selling else self.supplies
        ahead = day - self.terms.day - 1
        later = self.future_sales if selling else self.future_supplies
        return later[ahead] if 0 <= ahead < len(later) else 0

    def needed(self, selling: bool) -> int:
        """Units still to sell, or to buy, so that what comes in equals what goes out."""
        if self.last_level if selling else self.first_level:
            return 0
        terms = self.terms
        units = (
            terms.exogenous_in + terms.inventory_in + self.supplies
            - self.sales - terms.exogenous_out - terms.inventory_out
        )
        need = units if selling else -units
        return min(terms.lines, need) if self.perishable else need


class ScmlGame(Game):
    """One game, as an agent sees it: what `Game` has, and what is fixed for the whole game.

    factories: of the world; partners are numbered below it.
    lines: units that the agent's factory can produce a day.
    rounds: of a negotiation. days: of the game.
    """

    def __init__(self, setup: Dict[str, Any], message: Dict[str, Any]) -> None:
        super().__init__(setup, message)
        self.factories: int = message["factories"]
        self.lines: int = message["lines"]
        self.rounds: int = message["rounds"]
        self.days: int = message["days"]


class ScmlPlayer:
    """Answers the messages of one world."""

    def __init__(self, agent: Any, setup: Dict[str, Any], message: Dict[str, Any]) -> None:
        self._agent = make(agent, ScmlGame(setup, message))
        self._name = agent.__qualname__
        self._desk: Optional[Desk] = None

    def begin(self) -> Dict[str, Any]:
        """What is added to the answer to `begin`."""
        return {"synchronous": bool(getattr(self._agent, "synchronous", False))}

    def answer(self, message: Dict[str, Any]) -> Dict[str, Any]:
        """What is added to the answer to any other message."""
        kind = message["type"]
        if kind == "begin_day":
            self._desk = Desk(message["desk"])
            self._call("begin_day", self._desk)
        elif kind == "agreement":
            offer = Offer(*message["offer"])
            self._call(
                "on_agreement", self._updated(message), message["partner"], message["selling"], offer
            )
        elif kind == "act":
            talks = [_talk(each) for each in message["talks"]]
            return {"replies": self._replies(self._agent.act(self._updated(message), talks), talks)}
        return {}

    def _updated(self, message: Dict[str, Any]) -> Desk:
        assert self._desk is not None  # a day begins before anything happens on it
        self._desk.supplies = message["supplies"]
        self._desk.sales = message["sales"]
        self._desk.future_supplies = message.get("future_supplies", [])
        self._desk.future_sales = message.get("future_sales", [])
        return self._desk

    def _call(self, method: str, *arguments: Any) -> None:
        function = getattr(self._agent, method, None)
        if function is not None:
            function(*arguments)

    def _replies(self, returned: Any, talks: Sequence[Talk]) -> List[Union[str, List[int]]]:
        if not isinstance(returned, (list, tuple)) or len(returned) != len(talks):
            raise TypeError(
                f"{self._name}.act must return a list with a reply to each of {len(talks)} talks, not"
                f" {reprlib.repr(returned)}"
            )
        return [self._reply(reply) for reply in returned]

    def _reply(self, reply: Any) -> Union[str, List[int]]:
        if reply is None:
            return END
        if isinstance(reply, str) and reply in (ACCEPT, END):
            return reply
        if isinstance(reply, (list, tuple)) and len(reply) == len(Offer._fields):
            return [int(number) for number in reply]
        raise TypeError(
            f"{self._name}.act replies {reprlib.repr(reply)}: a reply is ACCEPT, END or an Offer"
        )


def _issues(issues: Dict[str, Any]) -> Issues:
    return Issues(*[Issue(*issues[name]) for name in Issues._fields])


def _talk(talk: Dict[str, Any]) -> Talk:
    offer = talk.get("offer")
    return Talk(
        talk["partner"], talk["round"], talk["selling"], None if offer is None else Offer(*offer)
    )
