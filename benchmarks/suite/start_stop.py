"""What it costs to start joust, play one world, and end."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Callable

from suite.bench import Bench, seconds_of
from suite.measure import Part, Row, Table, Target, compared, interleave

ONE_CALL = """
from concurrent.futures import ProcessPoolExecutor
with ProcessPoolExecutor(2) as pool:
    pool.submit(int).result()
"""
NOTHING = shutil.which("true") or "true"


def measure(bench: Bench) -> Part:
    """Whole processes, from fork to exit."""
    spec = bench.spec("one", 1)
    number = itertools.count()

    def run(**environment: str) -> float:
        out = bench.scratch / f"one.{next(number)}"
        command = [str(bench.joust), "run", "--quiet", str(spec), "--out", str(out)]
        return seconds_of(command, {**os.environ, **environment})

    cases: dict[str, Callable[[], float]] = {
        "a program that does nothing (`true`)": lambda: seconds_of([NOTHING]),
        "a file of 4 KiB is written, flushed and renamed, with its folder": lambda: _flush(bench),
        "joust run, one no-op world, 2 workers": run,
        "the same without a control group": lambda: run(JOUST_NO_CGROUP="1"),
        "python3 -c pass": lambda: seconds_of([sys.executable, "-c", "pass"]),
        "ProcessPoolExecutor(2), one call": lambda: seconds_of([sys.executable, "-c", ONE_CALL]),
    }
    values = interleave(cases, bench.sizes.rounds * bench.sizes.starts)
    rows = [Row(name, [1e3 * t for t in times], "ms") for name, times in values.items()]
    return Part(
        "start_stop",
        "Tests, scripts and one-off questions start joust for a handful of worlds; then this is "
        "all they wait for. Everything is in it: reading the spec, the run directory, the journal, "
        "the workers, the tables and the HTML report.",
        "fork, exec and exit of a program that does nothing; and a flush to the disk, of which a "
        "run makes some twenty: the journal, and each file that it leaves.",
        [Table("One world, cold as a process", "x doing nothing", compared(rows, rows[0].median))],
        [Target("start, one world, stop", rows[2].median, "ms", 50, at_least=False)],
    )


def _flush(bench: Bench) -> float:
    """Seconds."""
    return float(bench.ask("limits", "flush", "--count", 1, "--size", "4KiB")["seconds"])
