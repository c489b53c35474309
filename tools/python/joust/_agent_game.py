"""What is the same for the games of all worlds."""

from __future__ import annotations

import inspect
import random
from typing import TYPE_CHECKING, Any, Dict

from ._setup import Parameters, copied

if TYPE_CHECKING:
    import logging


class Game:
    """One world, as an agent sees it.

    All that is random in an agent must come from `seed` or `rng`: a world that is played again must
    go the same way. Nothing may be carried over from one world to the next.

    seed: a whole number below 2**53, another one in each world and seat.
    seat: the agent's seat, counted from 0.
    name: the competitor's name.
    rng: random numbers from the seed.
    """

    def __init__(self, setup: Dict[str, Any], message: Dict[str, Any]) -> None:
        self.seed: int = message["seed"]
        self.seat: int = message["seat"]
        self.name: str = setup["competitor"]["name"]
        self.rng = random.Random(self.seed)
        self._setup = setup

    @property
    def parameters(self) -> Parameters:
        """What `[competitor.parameters]` of the spec says; a copy."""
        parameters: Parameters = copied(self._setup["competitor"]["parameters"])
        return parameters

    @property
    def rules(self) -> Parameters:
        """What `[world.parameters]` of the spec says, defaults filled in; a copy."""
        rules: Parameters = copied(self._setup["parameters"])
        return rules

    @property
    def log(self) -> "logging.Logger":
        """A logger of the standard library. The log is kept with a world that fails."""
        from ._logging import logger

        return logger()


def make(agent: Any, game: Game) -> Any:
    """An object of the agent's class; it gets the game if it takes an argument."""
    return agent(game) if inspect.signature(agent).parameters else agent()
