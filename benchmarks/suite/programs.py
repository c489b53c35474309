"""Worlds in Python, which other processes play for joust's workers."""

from __future__ import annotations

import itertools
import json
import statistics
import sys
from collections.abc import Callable

from suite import peers
from suite.bench import ROOT, Bench, seconds_of
from suite.measure import Row, Table, interleave

PROGRAMS = ROOT / "benchmarks" / "programs"
SDK = str(ROOT / "tools" / "python")
BARE = [sys.executable, "-S", "-E", str(PROGRAMS / "bare.py")]  # starts as fast as Python can


def table(bench: Bench) -> Table:
    """A world that does nothing, whole runs with their start, journal and tables; and a restart."""
    worlds = bench.sizes.python_worlds
    restarts = max(2, worlds // 100)
    number = itertools.count()

    def play(count: int, workers: int, command: list[str], most: int = 0) -> float:
        keys = [
            'kind = "command"',
            f"command = {json.dumps(command)}",
            f"cwd = {json.dumps(str(PROGRAMS))}",
            f'env = {{ PYTHONPATH = {json.dumps(SDK)}, PYTHONDONTWRITEBYTECODE = "1" }}',
            f"max_worlds_per_process = {most}",
        ]
        spec = bench.spec("python", count, workers, "\n".join(keys))
        out = bench.scratch / f"python.{next(number)}"
        return bench.run_joust("run", "--quiet", spec, "--out", out)

    def restart() -> float:
        """Milliseconds that a restart adds to what starting the program takes."""
        stay, leave = play(restarts, 1, BARE), play(restarts, 1, BARE, most=1)
        start = statistics.median(seconds_of([*BARE[:3], "-c", "import json"]) for _ in range(5))
        return 1e3 * ((leave - stay) / (restarts - 1) - start)

    command = [sys.executable, "-m", "joust", "nothing.py"]
    (executor,) = [
        call
        for name, call in peers.EXECUTOR.cases(bench.sizes.calls).items()
        if name.endswith("chunk 1")
    ]
    cases: dict[str, Callable[[], float]] = {
        "ProcessPoolExecutor, chunk 1": executor,
        "joust run, worlds in Python": lambda: worlds / play(worlds, 2, command),
        "a restart of a program, beyond its own start": restart,
    }
    told = interleave(cases, bench.sizes.rounds)
    reference = statistics.median(told["ProcessPoolExecutor, chunk 1"])
    rows = []
    for name, values in told.items():
        rate = not name.startswith("a restart")
        ratio = statistics.median(values) / reference if rate else None
        rows.append(Row(name, values, "/s" if rate else "ms", ratio))
    return Table("Worlds in Python, 2 workers", "x ProcessPoolExecutor, chunk 1", rows)
