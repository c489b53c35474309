"""What a world function is given."""

from __future__ import annotations

import random
import sys
import time
from typing import TYPE_CHECKING, Any, Dict, Optional, Tuple

from ._setup import Competitor, Parameters, Setup, copied
from ._wire import Connection

if TYPE_CHECKING:
    import logging

_BEAT = 0.01  # seconds between two progress messages
_CLOSED = float("inf")

_monotonic = time.monotonic


class World:
    """One world to be played: its place in the plan, its seeds, and who plays.

    All that is random in a world must come from `seed` (or `rng`), or from `config_seed` where all
    worlds of a configuration shall share it. Everything is new for each world.

    task, attempt: the number of the world, and of the try (from 1; it must not change the result).
    seed, config_seed: whole numbers below 2**53.
    config, set, rotation, run: the place of the world in the plan of the tournament.
    competitors: one `Competitor` for each seat, in seat order.
    """

    __slots__ = (
        "task",
        "attempt",
        "seed",
        "config_seed",
        "config",
        "set",
        "rotation",
        "run",
        "competitors",
        "_setup",
        "_connection",
        "_rng",
        "_parameters",
        "_counters",
        "_next_beat",
    )

    def __init__(self, setup: Setup, connection: Connection, message: Dict[str, Any]) -> None:
        self.task: int = message["task"]
        self.attempt: int = message["attempt"]
        self.seed: int = message["seed"]
        self.config_seed: int = message["config_seed"]
        self.config: int = message["config"]
        self.set: int = message["set"]
        self.rotation: int = message["rotation"]
        self.run: int = message["run"]
        self.competitors: Tuple[Competitor, ...] = setup.seated(message["seats"])
        self._setup = setup
        self._connection = connection
        self._rng: Optional[random.Random] = None
        self._parameters: Optional[Parameters] = None
        self._counters: Dict[str, Any] = {}
        self._next_beat = 0.0

    @property
    def rng(self) -> random.Random:
        """Random numbers from the world's seed."""
        if self._rng is None:
            self._rng = random.Random(self.seed)
        return self._rng

    @property
    def parameters(self) -> Parameters:
        """What `[world.parameters]` of the spec says."""
        if self._parameters is None:
            self._parameters = copied(self._setup.parameters)
        return self._parameters

    @property
    def log(self) -> "logging.Logger":
        """A logger of the standard library. The log is kept with a world that fails."""
        from ._logging import logger

        return logger()

    def resource(self, name: str) -> memoryview:
        """The bytes of a file that the spec names as a resource; read-only, never copied."""
        return self._setup.resources.view(name)

    def count(self, name: str, value: float = 1) -> None:
        """Add to a counter of this world, which begins at 0. It is kept with the result."""
        self._counters[name] = self._counters.get(name, 0) + value

    def progress(self, step: int, of: int) -> None:
        """Tell that the world is alive and has done `step` steps of `of`.

        Call it as often as you like: about one call in 10 ms is passed on, and always the first.
        From then on a world that reports nothing for the spec's `stall_timeout` counts as stuck.
        """
        if _monotonic() < self._next_beat:
            return
        line = b'{"type":"progress","step":%d,"of":%d}\n' % (_whole(step), _whole(of))
        with self._connection.lock:
            if self._next_beat < _CLOSED:
                self._next_beat = _monotonic() + _BEAT
                self._connection.send(line)

    def _finish(self, line: bytes) -> None:
        """Send the last word of this world; no progress comes after it, from whatever thread."""
        with self._connection.lock:
            self._next_beat = _CLOSED
            self._connection.send(line)

    def _seat_of(self, who: object) -> Optional[int]:
        """The seat that is meant by a number, a competitor or its name; None if there is none."""
        for seat, competitor in enumerate(self.competitors):
            if who is competitor or who == competitor.name:
                return seat
        index = getattr(who, "__index__", None)
        seat = -1 if index is None else int(index())
        return seat if 0 <= seat < len(self.competitors) else None

    def __repr__(self) -> str:
        seated = ", ".join(competitor.name for competitor in self.competitors)
        return f"<world {self.task}, attempt {self.attempt}, seed {self.seed}: {seated}>"


def _whole(number: int) -> int:
    return min(max(0, number), (1 << 64) - 1)  # what the protocol can say


def seed_everything(seed: int) -> None:
    """Seed the generators that careless code shares: the modules random and numpy.random."""
    random.seed(seed)
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        numpy_random.seed([seed & 0xFFFFFFFF, seed >> 32])
