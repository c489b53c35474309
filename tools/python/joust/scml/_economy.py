"""Who owns which factory, and the economy around them: a function of the configuration's seed.

All sets of competitors and all rotations of a configuration meet in the same economy; statistics
that pair their worlds rely on that. So nothing here may look at a world's own seed or at its
competitors, but for putting their classes where the open seats are, which draws nothing.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Optional, Sequence

from joust.scml._packages import package, world_class
from joust.scml._settings import Settings, drawn


@dataclass(frozen=True)
class Factory:
    """One factory: an open seat, or one that a default agent runs."""

    level: int
    seat: Optional[int] = None
    default: int = 0  # which of the default types; nothing for a seat


@dataclass(frozen=True)
class Layout:
    """The factories of one configuration, level by level, and how long its worlds last."""

    levels: int
    n_steps: int
    factories: tuple[Factory, ...]

    @property
    def seats(self) -> dict[int, int]:
        """Seat to index of its factory."""
        return {f.seat: i for i, f in enumerate(self.factories) if f.seat is not None}


def draw_layout(settings: Settings, seats: int, default_types: int, config_seed: int) -> Layout:
    """Throws the seats and the default agents over the levels as scml's configurations do."""
    # a stream of its own: an economy with other factories is still the same draw of prices
    rng = random.Random(f"factories {config_seed}")
    levels = drawn(settings.n_processes, rng)
    n_steps = drawn(settings.n_steps, rng)
    defaults = _thrown(levels * settings.min_factories_per_level, levels, rng)
    open_seats = _thrown(seats, levels, rng)
    factories: list[Factory] = []
    next_seat = 0
    for level in range(levels):
        count = _defaults_beside(open_seats[level], defaults[level], settings)
        for _ in range(open_seats[level]):
            factories.append(Factory(level, seat=next_seat))
            next_seat += 1
        factories += [Factory(level, default=rng.randrange(default_types)) for _ in range(count)]
    return Layout(levels, n_steps, tuple(factories))


def generate(
    settings: Settings, layout: Layout, types: Sequence[type], config_seed: int
) -> dict[str, Any]:
    """What the constructor of the world takes. ``types``: the class of each factory's agent."""
    worlds = world_class(settings.world_class)
    seed_everything(config_seed)
    config = worlds.generate(
        agent_types=list(types),
        agent_params=None,
        agent_processes=[factory.level for factory in layout.factories],
        n_processes=layout.levels,
        n_steps=layout.n_steps,
        n_lines=settings.n_lines,
        **_rules(settings),
    )
    for profile in config["profiles"]:
        profile.cost = int(profile.cost)  # as the configurations of scml's tournaments have it
    return dict(config)


def seed_everything(seed: int) -> None:
    """Both global generators that negmas, scml and their agents draw from."""
    random.seed(seed)
    # its legacy seeding takes words of 32 bits
    package("numpy").random.seed([seed & 0xFFFFFFFF, seed >> 32])


def _thrown(tokens: int, levels: int, rng: random.Random) -> list[int]:
    counts = [0] * levels
    for _ in range(tokens):
        counts[rng.randrange(levels)] += 1
    return counts


def _defaults_beside(open_seats: int, defaults: int, settings: Settings) -> int:
    least, greatest = settings.min_factories_per_level, settings.max_factories_per_level
    if open_seats + defaults < least:
        defaults = least - open_seats
    if open_seats + defaults > greatest and defaults > 1:
        defaults = max(1, least - open_seats)
    return defaults


def _rules(settings: Settings) -> dict[str, Any]:
    """The rules of scml's own tournaments, less their world limit: deadlines are joust's."""
    rules: dict[str, Any] = {
        "neg_n_steps": 20,
        # scml's tournaments say 60 here as well; but agents see how much of this limit has passed,
        # and would offer what the load of the machine tells them. The hidden one ends a
        # negotiation all the same.
        "neg_time_limit": None,
        "neg_hidden_time_limit": 60,
        "neg_step_time_limit": 20,
        "start_negotiations_immediately": False,
        "publish_exogenous_summary": True,
        "publish_trading_prices": True,
        "random_agent_types": False,
        **settings.passed_on,
    }
    # one round more than there are: every negotiation ends on the day it began
    rules.setdefault("negotiation_speed", rules["neg_n_steps"] + 1)
    return rules
