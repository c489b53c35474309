"""What a world function may return, and how it becomes a result message."""

from __future__ import annotations

import math
import reprlib
from typing import Any, Dict, List, Mapping, Optional, Sequence, Union

from ._setup import Competitor
from ._wire import message_line
from ._world import World

Score = Union[float, int, None]  # and whatever float() takes, as numpy's scalars
Scores = Union[Sequence[Any], Mapping[Any, Any]]


class Result:
    """Scores and what else a world has to tell. All but the scores may be left out.

    scores: as a world function may return them: in seat order, or by competitor.
    names: what the agents of the seats are called in tables, in seat order.
    counters: numbers of the world, by name; `World.count` adds to the same.
    seat_counters: the same for each seat, in seat order.
    payload: a text that is kept with the result.
    forfeits: for each seat None, or why its agent gave up while the world went on without it; it
        counts as a failure of that competitor.

    NaN and the infinities do not exist in JSON. A score that is one of them (or None) is no score;
    such a counter is left out.
    """

    __slots__ = ("scores", "names", "counters", "seat_counters", "payload", "forfeits")

    def __init__(
        self,
        scores: Scores,
        *,
        names: Optional[Sequence[str]] = None,
        counters: Optional[Mapping[str, Any]] = None,
        seat_counters: Optional[Sequence[Mapping[str, Any]]] = None,
        payload: Optional[str] = None,
        forfeits: Optional[Sequence[Optional[str]]] = None,
    ) -> None:
        self.scores = scores
        self.names = names
        self.counters = counters
        self.seat_counters = seat_counters
        self.payload = payload
        self.forfeits = forfeits


def result_line(returned: Any, world: World) -> bytes:
    """The result message for what the world function returned."""
    counters = world._counters
    if not isinstance(returned, Result):
        message = _scored(returned, world)
    else:
        message = _message(returned, world)
        if returned.counters is not None:
            counters = dict(counters)
            for name, value in _counters(returned.counters).items():
                counters[name] = counters.get(name, 0) + value
    if counters:
        message["counters"] = _counters(counters)
    return message_line(message)


def _message(result: Result, world: World) -> Dict[str, Any]:
    seated = world.competitors
    message = _scored(result.scores, world)
    if result.names is not None:
        message["names"] = [
            _text(name, "a name") for name in _one_each(result.names, seated, "names")
        ]
    if result.seat_counters is not None:
        each = _one_each(result.seat_counters, seated, "seat_counters")
        message["seat_counters"] = [_counters(counters) for counters in each]
    if result.payload is not None:
        message["payload"] = _text(result.payload, "the payload")
    if result.forfeits is not None:
        each = _one_each(result.forfeits, seated, "forfeits")
        message["forfeits"] = [None if why is None else _text(why, "a forfeit") for why in each]
    return message


def _scored(returned: Any, world: World) -> Dict[str, Any]:
    return {"type": "result", "task": world.task, "scores": _scores(returned, world.competitors)}


def _scores(returned: Any, seated: Sequence[Competitor]) -> List[Optional[float]]:
    if isinstance(returned, (list, tuple)):
        values: Sequence[Any] = returned
    elif isinstance(returned, Mapping):
        values = _by_competitor(returned, seated)
    elif returned is None:
        raise TypeError("the world function returned None: it must return the scores")
    else:
        values = _one_each(returned, seated, "scores")
    if len(values) != len(seated):
        raise ValueError(f"there are {len(values)} scores for {_seats(seated)}")
    return [
        value if type(value) is float and math.isfinite(value) else _score(value, seat, seated)
        for seat, value in enumerate(values)
    ]


def _score(value: Any, seat: int, seated: Sequence[Competitor]) -> Optional[float]:
    if value is None:
        return None
    number = _number(value)
    if number is None:
        raise TypeError(
            f"the score of seat {seat} ({seated[seat].name}) is no number: {reprlib.repr(value)}"
        )
    return number if math.isfinite(number) else None


def _by_competitor(returned: Mapping[Any, Any], seated: Sequence[Competitor]) -> List[Any]:
    scores = {getattr(key, "name", key): value for key, value in returned.items()}
    names = [competitor.name for competitor in seated]
    if len(set(names)) < len(names):
        raise ValueError("a competitor sits in two seats: return a list of scores in seat order")
    if set(names) != set(scores):
        raise ValueError(
            f"there are scores for {_listed(scores)}, and seated are {_listed(names)}"
        )
    return [scores[name] for name in names]


def _one_each(values: Any, seated: Sequence[Competitor], what: str) -> List[Any]:
    """A list of what must be a sequence (an array will do) with an item for each seat."""
    if isinstance(values, (str, bytes, Mapping)) or not hasattr(values, "__getitem__"):
        raise TypeError(
            f"{what} must be a list with one item for each seat, not"
            f" {type(values).__name__}: {reprlib.repr(values)}"
        )
    items = list(values)
    if len(items) != len(seated):
        raise ValueError(f"there are {len(items)} {what} for {_seats(seated)}")
    return items


def _counters(counters: Any) -> Dict[str, float]:
    if not isinstance(counters, Mapping):
        raise TypeError(f"counters must be a dict, not {type(counters).__name__}")
    numbers = {}
    for name, value in counters.items():
        number = value if type(value) is int and abs(value) < 1 << 63 else _number(value)
        if number is None:
            raise TypeError(f"the counter {name!r} is no number: {reprlib.repr(value)}")
        if type(number) is int or math.isfinite(number):
            numbers[_text(name, "a counter's name")] = number
    return numbers


def _number(value: Any) -> Optional[float]:
    if isinstance(value, (str, bytes, bytearray)):
        return None  # float() would read them
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return None


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{what} must be a str, not {type(value).__name__}: {reprlib.repr(value)}")
    return value


def _seats(seated: Sequence[Competitor]) -> str:
    return f"{len(seated)} seat{'' if len(seated) == 1 else 's'}"


def _listed(names: Any) -> str:
    return ", ".join(str(name) for name in names) or "nobody"
