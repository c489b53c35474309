"""The world that joust plays: one OneShot or Standard game of SCML.

A world is a function of its two seeds, its parameters and its competitors, provided that
PYTHONHASHSEED is fixed when the process starts (negmas and its agents iterate over sets of names).
The spec's ``env`` does that; a process without it refuses to play, for its results would be no use.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import joust

from joust.scml._caches import forget_worlds
from joust.scml._counting import agent_counters, world_counters
from joust.scml._settings import read_settings
from joust.scml._simulation import Simulation
from joust.scml._unseeded import seeded

_SHOWN_EXCEPTIONS = 20


@joust.world
def play(world: Any) -> Any:
    """Plays one world; the score of a seat is its final balance over its initial one."""
    require_fixed_hashes()
    try:
        return _result_of(world)
    finally:
        forget_worlds()


def _result_of(world: Any) -> Any:
    with seeded(world.seed):
        simulation = Simulation(read_settings(world.parameters), world)
        simulation.play(world.progress)
    game, agents = simulation.negmas, simulation.agent_ids
    _show_exceptions(game)
    scores = game.scores()
    return joust.Result(
        [float(scores[agent]) for agent in agents],
        names=[game.agents[agent].name for agent in agents],
        counters=world_counters(game, len(agents)),
        seat_counters=[agent_counters(game, agent) for agent in agents],
    )


def require_fixed_hashes() -> None:
    """Raises RuntimeError where the hashes of names differ from one process to the next."""
    if os.environ.get("PYTHONHASHSEED", "random") == "random":
        raise RuntimeError(
            "PYTHONHASHSEED must be fixed, or the same seed gives other worlds: put"
            ' env = { PYTHONHASHSEED = "0" } into [world] of the spec'
        )


def _show_exceptions(game: Any) -> None:
    """To standard error: the counters say how many there were, not what they said."""
    shown = 0
    for agent, exceptions in game.agent_exceptions.items():
        for step, text in exceptions:
            if shown < _SHOWN_EXCEPTIONS:
                print(f"{agent} threw at step {step}: {text}", file=sys.stderr)
            shown += 1
    if shown > _SHOWN_EXCEPTIONS:
        print(f"({shown - _SHOWN_EXCEPTIONS} more)", file=sys.stderr)
