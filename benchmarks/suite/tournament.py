"""The example tournament of the quick start, as a user sees it."""

from __future__ import annotations

import itertools
from pathlib import Path

from suite.bench import ROOT, Bench
from suite.measure import Part, Row, Table, Target, compared, interleave

SPEC = ROOT / "tools" / "examples" / "oneshot-756.toml"
WORLDS = 756
WORKERS = 2


def measure(bench: Bench) -> Part:
    """End to end, then a report, and the processor time of the same worlds alone."""
    number = itertools.count()
    folder = [Path()]

    def run() -> float:
        folder[0] = bench.scratch / f"oneshot.{next(number)}"
        return bench.run_joust(
            "run", "--quiet", SPEC, "--workers", WORKERS, "--out", folder[0]
        )

    def alone() -> float:
        told = bench.ask("worlds", "--worlds", WORLDS, "--steps", 50)
        return float(told["processor_seconds"]) / WORKERS

    cases = {
        "756 such worlds alone, in one process, divided by 2": alone,
        "joust run oneshot-756.toml, 2 workers": run,
        "joust report of it, text": lambda: bench.run_joust("report", folder[0]),
    }
    values = interleave(cases, bench.sizes.rounds)
    rows = [Row(name, times, "s") for name, times in values.items()]
    return Part(
        "tournament",
        "The tournament that the quick start plays: 84 sets of 3 of 9 agents, 3 economies, 3 "
        "seatings. The run writes all tables and the HTML report.",
        "the processor time of as many such worlds in one process without a pool, spread over 2 "
        "cores.",
        [Table("oneshot-756.toml, in turn", "x the worlds alone", compared(rows, rows[0].median))],
        [
            Target("oneshot-756.toml end to end", rows[1].median, "s", 1, at_least=False),
            Target("report of oneshot-756", rows[2].median, "s", 1, at_least=False),
        ],
    )
