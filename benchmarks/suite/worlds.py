"""Where the processor time of the built-in worlds goes."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from typing import Any

from suite.bench import PATIENCE, Bench, output_of
from suite.measure import Part, Row, Table, Target, interleave

Told = dict[str, Any]
Arguments = tuple[object, ...]
Kinds = dict[str, tuple[Arguments, int]]  # and how many worlds
ONESHOT: Arguments = ("--world", "scml-oneshot", "--steps", 50)
DILEMMA: Arguments = ("--world", "prisoners-dilemma", "--seats", 2)
TOP = 12  # functions of a profile


def measure(bench: Bench) -> Part:
    """Worlds per second and core, allocations, instructions, and a profile."""
    sizes = bench.sizes
    kinds: Kinds = {
        "scml-oneshot, 50 days": (ONESHOT, sizes.oneshot_worlds),
        "prisoners-dilemma, 200 rounds": (DILEMMA, sizes.dilemma_worlds),
    }
    cases: dict[str, Callable[[], Told]] = {
        name: partial(bench.ask, "worlds", *arguments, "--worlds", worlds)
        for name, (arguments, worlds) in kinds.items()
    }
    told = interleave(cases, sizes.rounds)
    speed = [
        Row(name, [t["worlds"] / t["processor_seconds"] for t in runs], "worlds/s")
        for name, runs in told.items()
    ]
    counts, profiles = [], []
    for name, (arguments, _) in kinds.items():
        for phase in ("setup", "inner", "ending"):
            values = [t[f"allocations_{phase}"] / t["worlds"] for t in told[name]]
            counts.append(Row(f"{name}: {phase}", values, "allocations"))
        profiles.append(_profile(bench, name, arguments))
    oneshot = next(row for row in counts if row.what.endswith("50 days: inner"))
    return Part(
        "worlds",
        "What users pay processor time for. All built-in competitors play, 3 (2 in the dilemma) at "
        "a time in all sets, seatings and 3 configurations; a OneShot economy has 9 factories on "
        "average.",
        "one core that does nothing else. The instructions, counted by callgrind for fixed seeds "
        "as the difference of two lengths of a run, do not depend on what else the machine does.",
        [
            Table("Worlds per second of processor time", "", speed),
            Table("Allocations per world, by phase", "", counts),
            Table("Instructions per world (callgrind)", "", _instructions(bench, kinds)),
            *profiles,
        ],
        [
            Target("OneShot worlds per second and core", speed[0].median, "/s", 2000, True),
            Target("allocations per OneShot world, inner", oneshot.median, "", 0, False),
        ],
        [
            "Phases of a world: up to its first report of progress it is set up (and plays its "
            "first day), from there to the last report is its inner loop, then it makes its result."
        ],
    )


def _instructions(bench: Bench, kinds: Kinds) -> list[Row]:
    """Thousands; none where there is no valgrind."""
    if shutil.which("valgrind") is None:
        return []
    short = bench.sizes.callgrind_worlds
    rows = []
    for name, (arguments, _) in kinds.items():
        once, thrice = (_callgrind(bench, arguments, worlds) for worlds in (short, 3 * short))
        rows.append(Row(name, [(thrice - once) / (2 * short) / 1000], "thousand"))
    return rows


def _command(bench: Bench, arguments: Arguments, worlds: int) -> list[str]:
    return [str(bench.programs / "bench-worlds"), *map(str, arguments), "--worlds", str(worlds)]


def _callgrind(bench: Bench, arguments: Arguments, worlds: int) -> int:
    """Instructions of the whole program."""
    out = bench.scratch / "callgrind.out"
    callgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
    done = subprocess.run(
        [*callgrind, *_command(bench, arguments, worlds)],
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(f"callgrind does not say what it collected: {done.stderr[-400:]}")
    return int(found[1])


def _profile(bench: Bench, name: str, arguments: Arguments) -> Table:
    """The functions with most of the time."""
    worlds = bench.sizes.oneshot_worlds if arguments == ONESHOT else 10 * bench.sizes.dilemma_worlds
    tool, shares = _by_perf(bench, _command(bench, arguments, worlds)) or (
        "callgrind",
        _by_callgrind(bench, arguments),
    )
    rows = [Row(f"`{function[:100]}`", [float(share)], "%") for share, function in shares[:TOP]]
    return Table(f"Where the time of {name} goes ({tool})", "", rows)


def _by_perf(bench: Bench, command: list[str]) -> tuple[str, list[tuple[str, str]]] | None:
    """Nothing where there is no perf, or it may not look."""
    data = str(bench.scratch / "perf.data")
    record = ["perf", "record", "-q", "-F", "1999", "-o", data, *command]
    if shutil.which("perf") is None:
        return None
    if subprocess.run(record, capture_output=True, check=False, timeout=PATIENCE).returncode != 0:
        return None
    text = output_of(["perf", "report", "--stdio", "-i", data, "--sort", "symbol"])
    return "perf", re.findall(r"^ +(\d+\.\d+)% +\[[.k]\] (.*?)(?:  .*)?$", text, re.MULTILINE)


def _by_callgrind(bench: Bench, arguments: Arguments) -> list[tuple[str, str]]:
    """Nothing where there is no valgrind."""
    if shutil.which("valgrind") is None:
        return []
    _callgrind(bench, arguments, bench.sizes.callgrind_worlds)
    text = output_of(["callgrind_annotate", str(bench.scratch / "callgrind.out")])
    return re.findall(r"^ *[\d,]+ \( *(\d+\.\d+)%\) +[^:]*:(.*?) \[", text, re.MULTILINE)
