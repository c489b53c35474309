"""Worlds in Python, which other processes play for joust's workers."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable

from suite import peers
from suite.bench import ROOT, Bench, seconds_of
from suite.measure import Row, Table, compared, interleave

PROGRAMS = ROOT / "benchmarks" / "programs"
SDK = str(ROOT / "tools" / "python")
BARE = [sys.executable, "-S", "-E", str(PROGRAMS / "bare.py")]  # starts as fast as Python can
IMPORT = ["-c", "import json"]  # what it does before its first world


def tables(bench: Bench) -> list[Table]:
    """A world that does nothing, in whole runs with start, journal and tables; and a restart."""
    worlds = bench.sizes.python_worlds
    restarts = max(2, worlds // 200)
    number = itertools.count()

    def play(count: int, workers: int, command: list[str], most: int = 0) -> float:
        out = bench.scratch / f"python.{next(number)}"
        spec = bench.spec("python", count, workers, _world(command, most))
        return bench.run_joust("run", "--quiet", spec, "--out", out)

    def restart() -> float:
        return (play(restarts, 1, BARE, most=1) - play(restarts, 1, BARE)) / (restarts - 1)

    command = [sys.executable, "-m", "joust", "nothing.py"]
    executor = next(iter(peers.EXECUTOR.cases(bench.sizes.calls).values()))  # its chunk is 1
    cases: dict[str, Callable[[], float]] = {
        "ProcessPoolExecutor, chunk 1": executor,
        "joust run, worlds in Python": lambda: worlds / play(worlds, 2, command),
        "the program starts and ends, without joust": lambda: seconds_of([*BARE[:3], *IMPORT]),
        "joust restarts it between two worlds": restart,
    }
    told = interleave(cases, bench.sizes.rounds)
    rows = [Row(name, values, "/s") for name, values in told.items()]
    rates, starts = rows[:2], [Row(r.what, [1e3 * v for v in r.values], "ms") for r in rows[2:]]
    return [
        Table(
            "Worlds in Python, 2 workers",
            "x ProcessPoolExecutor, chunk 1",
            compared(rates, rates[0].median),
        ),
        Table(
            "A program that starts anew for each world",
            "x the program alone",
            compared(starts, starts[0].median),
        ),
    ]


def _world(command: list[str], most: int) -> str:
    """The keys of [world]; `most` worlds per process, 0: no limit."""
    return "\n".join(
        [
            'kind = "command"',
            f"command = {json.dumps(command)}",
            f"cwd = {json.dumps(str(PROGRAMS))}",
            f'env = {{ PYTHONPATH = {json.dumps(SDK)}, PYTHONDONTWRITEBYTECODE = "1" }}',
            f"max_worlds_per_process = {most}",
        ]
    )
