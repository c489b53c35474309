"""How the time of an SCML Standard game grows with its factories and its days."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Callable
from functools import partial

from suite.bench import Bench
from suite.measure import Part, Row, Table, interleave

Told = dict[str, float]
LEVELS = 4
DAYS = 50
FACTORIES_PER_LEVEL = 4
# OneShot's agents look at all sets of their partners, which doubles with each.
TYPES = "RandomStdAgent,GreedyStdAgent,SyncRandomStdAgent"


def measure(bench: Bench) -> Part:
    """Milliseconds per world and microseconds per negotiation, and by which power each grows."""
    factories = [2, 4, 8, 16]
    days = [50, 100, 200, 400, 800]
    cases: dict[str, Callable[[], Told]] = {}
    for each in factories:
        cases[_by_factories(each)] = partial(_play, bench, each, DAYS)
    for each in days:
        cases[_by_days(each)] = partial(_play, bench, FACTORIES_PER_LEVEL, each)
    told = interleave(cases, bench.sizes.rounds)
    return Part(
        "growth",
        "Standard games with the agents that they were made for, without the mistakes of the "
        "reference, so that all neighbours negotiate every day.",
        "the game itself: the negotiations are as many as there are pairs of neighbours, which "
        "grows with the square of the factories on a level, and with the days.",
        [
            _table(
                f"Factories, on {LEVELS} levels, {DAYS} days",
                {_by_factories(each): LEVELS * each for each in factories},
                told,
            ),
            _table(
                f"Days, {LEVELS} levels of {FACTORIES_PER_LEVEL} factories",
                {_by_days(each): each for each in days},
                told,
            ),
        ],
        [],
        ["The powers are those between one row and the next."],
    )


def _by_factories(per_level: int) -> str:
    return f"{LEVELS * per_level} factories"


def _by_days(days: int) -> str:
    return f"{days} days"


def _play(bench: Bench, per_level: int, days: int) -> Told:
    # about as much work in each case
    pairs = (LEVELS - 1) * per_level**2
    least = 2
    worlds = max(least, bench.sizes.growth_negotiations // (pairs * days))
    told: Told = bench.ask(
        "worlds", "--world", "scml-std", "--levels", LEVELS, "--factories", per_level, "--steps",
        days, "--without-quirks", "--types", TYPES, "--seats", 1, "--worlds", worlds,
    )  # fmt: skip
    return told


def _table(title: str, sizes: dict[str, int], told: dict[str, list[Told]]) -> Table:
    kinds: tuple[tuple[str, str, Callable[[Told], float]], ...] = (
        ("time per world", "ms", lambda t: 1e3 * t["processor_seconds"] / t["worlds"]),
        ("negotiations per world", "negotiations", lambda t: t["negotiations"] / t["worlds"]),
        ("time per negotiation", "us", lambda t: 1e6 * t["processor_seconds"] / t["negotiations"]),
    )
    rows = []
    for what, unit, value in kinds:
        values = {name: [value(run) for run in told[name]] for name in sizes}
        medians = {name: statistics.median(own) for name, own in values.items()}
        notes = {next(iter(sizes)): ""}
        for before, name in itertools.pairwise(sizes):
            exponent = math.log(medians[name] / medians[before]) / math.log(
                sizes[name] / sizes[before]
            )
            notes[name] = f"grows as n^{exponent:.2f}"
        rows += [Row(f"{what}, {name}", values[name], unit, note=notes[name]) for name in sizes]
    return Table(title, "", rows)
