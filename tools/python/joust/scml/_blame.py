"""Whose fault an exception is.

The frames of its traceback know: the innermost one that runs in an agent, or in a negotiator that
an agent owns, is the one that threw. Where none is (an agent's method takes other arguments than it
was called with), the world's own record of agents' exceptions is asked, if it names one agent only.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Iterator, Mapping, Optional

from joust.scml._packages import package


def culprit(error: BaseException, world: Any, seats: Mapping[str, int]) -> Optional[int]:
    """The seat whose agent threw ``error``; None: no agent did, or one without a seat."""
    agent = _by_traceback(error, world) or _by_record(world)
    return None if agent is None else seats.get(agent)


def _by_traceback(error: BaseException, world: Any) -> Optional[str]:
    players = {id(_player(agent)): name for name, agent in world.agents.items()}
    innermost = None
    for runs_in in _objects_at_work(error.__traceback__):
        name = players.get(id(runs_in)) or _owner(runs_in, world)
        innermost = name or innermost
    return innermost


def _player(agent: Any) -> Any:
    # what the competitor wrote, inside what the world calls
    return getattr(agent, "_obj", None) or agent


def _owner(runs_in: Any, world: Any) -> Optional[str]:
    # other things have owners too: a utility function's code is the world's, not the agent's
    if not isinstance(runs_in, package("negmas").Negotiator):
        return None
    name = getattr(runs_in.owner, "id", None)
    return name if name in world.agents else None


def _objects_at_work(traceback: Optional[TracebackType]) -> Iterator[Any]:
    """``self`` of each frame, outermost first."""
    while traceback is not None:
        runs_in = traceback.tb_frame.f_locals.get("self")
        if runs_in is not None:
            yield runs_in
        traceback = traceback.tb_next


def _by_record(world: Any) -> Optional[str]:
    # of today: a world that counts exceptions has a record of earlier ones, which did not end it
    threw = {
        name
        for name, exceptions in world.agent_exceptions.items()
        if any(step == world.current_step for step, _ in exceptions)
    }
    return threw.pop() if len(threw) == 1 else None
