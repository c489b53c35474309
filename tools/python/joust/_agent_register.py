"""The decorators that make a function or a class an agent, and where they are found again."""

from __future__ import annotations

import inspect
import os
import sys
from typing import Any, Dict, Tuple, TypeVar

_Thing = TypeVar("_Thing")
_Class = TypeVar("_Class", bound=type)

DILEMMA = "prisoners-dilemma"
ONESHOT = "scml-oneshot"
STANDARD = "scml-std"
_DECORATORS = {
    DILEMMA: "@agent.prisoners_dilemma",
    ONESHOT: "@agent.oneshot",
    STANDARD: "@agent.standard",
}

# By the file that it is written in and the world that it plays.
_agents: Dict[Tuple[str, str], Any] = {}


def prisoners_dilemma(agent: _Thing) -> _Thing:
    """Say that this plays the iterated prisoner's dilemma.

    A function is called in each round with a `DilemmaGame` and returns "C" or "D". A class is made
    anew for each world, with the game (if its `__init__` takes one), and has a method `choose(game)`
    that does the same.
    """
    if isinstance(agent, type):
        _require(agent, "choose")
    elif not callable(agent):
        raise TypeError(f"@agent.prisoners_dilemma belongs before a function or a class, not {agent!r}")
    return _register(DILEMMA, agent)


def oneshot(agent: _Class) -> _Class:
    """Say that this class plays SCML OneShot.

    It is made anew for each world, with a `ScmlGame` (if its `__init__` takes one). `act(desk,
    talks)` returns a list with a reply for each talk: ACCEPT, END or an Offer. It may have
    `begin_day(desk)` and `on_agreement(desk, partner, selling, offer)`. With `synchronous = True` it
    is asked about all its negotiations at once.
    """
    return _register_class(ONESHOT, agent)


def standard(agent: _Class) -> _Class:
    """Say that this class plays SCML Standard.

    As `oneshot`; offers may be for later days, and the desk knows what is agreed on for them. A class
    can play both games: write both decorators before it.
    """
    return _register_class(STANDARD, agent)


def agent_of(file: str, world: str) -> Any:
    """The agent of a loaded file that plays this world."""
    found = _agents.get((os.path.abspath(file), world))
    if found is not None:
        return found
    decorator = _DECORATORS.get(world)
    if decorator is None:
        raise LookupError(f"this package has no agents for the world {world}")
    raise LookupError(f"{file} has no agent for {world}: write {decorator} before one")


def _register_class(world: str, agent: _Class) -> _Class:
    if isinstance(agent, type):
        _require(agent, "act")
        return _register(world, agent)
    raise TypeError(f"{_DECORATORS[world]} belongs before a class, not before {agent!r}")


def _register(world: str, agent: _Thing) -> _Thing:
    file = os.path.abspath(_file_of(agent))
    other = _agents.get((file, world))
    # a module that is loaded again brings the same agent again
    if other is not None and other.__qualname__ != getattr(agent, "__qualname__", None):
        raise TypeError(
            f"a file has one agent for {world}, and here are two: {other.__qualname__} and"
            f" {getattr(agent, '__qualname__', agent)}"
        )
    _agents[(file, world)] = agent
    return agent


def _file_of(agent: Any) -> str:
    if inspect.isclass(agent):
        return getattr(sys.modules.get(agent.__module__), "__file__", None) or ""
    code = getattr(inspect.unwrap(agent), "__code__", None)
    if code is None:
        raise TypeError(f"an agent is a function or a class, not {agent!r}")
    file: str = code.co_filename
    return file


def _require(agent: Any, method: str) -> None:
    if not callable(getattr(agent, method, None)):
        raise TypeError(f"the agent {agent.__qualname__} needs a method '{method}'")
