"""Millions of worlds through the real joust."""

from __future__ import annotations

import itertools
import json
import math
import shutil
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from suite.bench import PATIENCE, Bench
from suite.measure import Part, Row, Table, Target, interleave

NEARLY = 0.99  # of the results are in the journal when joust is killed
QUANTITIES = {
    "run, to the end": "s",
    "peak memory of the supervisor": "MiB",
    "journal": "MiB",
    "report, text": "s",
    "resume of the finished run": "s",
    "resume of a killed run, until it plays": "s",
    "resume of a killed run, to the end": "s",
}
Told = dict[str, float]


def measure(bench: Bench) -> Part:
    """Each size, and by which power of the number of worlds each figure grows."""
    number = itertools.count()
    cases: dict[str, Callable[[], Told]] = {
        f"{worlds:,}": partial(_once, bench, worlds, number)
        for worlds in bench.sizes.scale
    }
    told = interleave(cases, bench.sizes.scale_rounds)
    small, large = bench.sizes.scale
    rows = []
    for what, unit in QUANTITIES.items():
        values = {size: [run[what] for run in runs] for size, runs in told.items()}
        low, high = (statistics.median(own) for own in values.values())
        exponent = math.log(high / low) / math.log(large / small)
        for size, own in values.items():
            note = f"grows as n^{exponent:.2f}" if size == f"{large:,}" else ""
            rows.append(Row(f"{what}, {size} worlds", own, unit, note=note))
    largest = told[f"{large:,}"]

    def median(what: str) -> float:
        return statistics.median(run[what] for run in largest)

    return Part(
        "scale",
        "All pairs of a thousand competitors in ten configurations and both seatings are ten "
        "million worlds. No-op worlds leave what joust itself does with so many: queue, journal, "
        "tables, report.",
        "what is done once for each world can grow no slower than their number (n^1.00).",
        [Table("joust run, 2 workers, no-op worlds", "", rows)],
        [
            Target(f"{what}, {large:,} worlds", median(what), "s", 2, at_least=False)
            for what in QUANTITIES
            if what.startswith("resume")
        ],
        [f"A killed run: SIGKILL of joust when {NEARLY:.0%} of the results are in the journal."],
    )


def _once(bench: Bench, worlds: int, numbers: Iterator[int]) -> Told:
    number = next(numbers)
    spec = bench.spec(f"scale.{worlds}", worlds)
    whole, killed = (bench.scratch / f"scale.{number}.{name}" for name in ("whole", "killed"))
    start = time.monotonic()
    peak = _peak_memory(_start(bench, spec, whole))
    told = {"run, to the end": time.monotonic() - start, "peak memory of the supervisor": peak}
    told["journal"] = (whole / "run.db").stat().st_size / 2**20
    told["report, text"] = bench.run_joust("report", whole)
    told["resume of the finished run"] = bench.run_joust("resume", "--quiet", whole)
    _kill_at_the_end(_start(bench, spec, killed), killed, worlds)
    until_it_plays, to_the_end = _plays_after(
        killed, lambda: bench.run_joust("resume", "--quiet", killed)
    )
    told["resume of a killed run, until it plays"] = until_it_plays
    told["resume of a killed run, to the end"] = to_the_end
    for folder in (whole, killed):
        shutil.rmtree(folder)
    return told


def _start(bench: Bench, spec: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [str(bench.joust), "run", "--quiet", str(spec), "--out", str(out)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def _peak_memory(process: subprocess.Popen[bytes]) -> float:
    """MiB, looked at until the process has ended. (Its rusage would count this process's, too.)"""
    peak = 0
    while process.poll() is None:
        for line in _status(process.pid):
            if line.startswith("VmHWM:"):
                peak = max(peak, int(line.split()[1]))
        time.sleep(0.01)
    if process.returncode != 0:
        raise RuntimeError(f"joust run ended with exit code {process.returncode}")
    return peak / 1024


def _status(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has just ended
        return []


def _kill_at_the_end(process: subprocess.Popen[bytes], folder: Path, worlds: int) -> None:
    """SIGKILL when nearly all results are in the journal, and not all tables are written."""
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and _results(folder) < NEARLY * worlds:
        if time.monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"joust has not played {worlds} worlds in {PATIENCE:g} s")
        time.sleep(0.001)
    process.kill()
    if process.wait() == 0:
        raise RuntimeError("joust had ended before it could be killed: take more worlds")


def _results(folder: Path) -> int:
    """The highest task in the journal; workers play them nearly in order."""
    try:
        with sqlite3.connect(f"file:{folder / 'run.db'}?mode=ro", uri=True, timeout=1) as database:
            found = database.execute("SELECT max(task) FROM result").fetchone()[0]
        database.close()
        return int(found or 0)
    except sqlite3.Error:  # not there yet
        return 0


def _plays_after(folder: Path, resume: Callable[[], float]) -> tuple[float, float]:
    """Seconds until the first worker of the resumed run was ready, and until its end; the same when
    there was nothing left to play."""
    events = folder / "events.jsonl"
    known = events.stat().st_size
    begin = time.time()
    seconds = resume()
    for line in events.read_bytes()[known:].splitlines():
        event = json.loads(line)
        if event["event"] == "worker_ready":
            return event["at"] / 1000 - begin, seconds
    return seconds, seconds
