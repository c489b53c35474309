"""Where the processor time of the built-in worlds goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from suite import looks as tools
from suite.bench import Bench
from suite.measure import Part, Row, Table, Target, interleave

Told = dict[str, Any]
Arguments = tuple[object, ...]
Kinds = dict[str, tuple[Arguments, int]]  # and how many worlds
ONESHOT: Arguments = ("--world", "scml-oneshot", "--steps", 50)
STANDARD: Arguments = ("--world", "scml-std", "--steps", 50)
DILEMMA: Arguments = ("--world", "prisoners-dilemma", "--seats", 2)


def measure(bench: Bench) -> Part:
    """Worlds per second and core, allocations, instructions, and a profile."""
    sizes = bench.sizes
    kinds: Kinds = {
        "scml-oneshot, 50 days": (ONESHOT, sizes.oneshot_worlds),
        "scml-std, 50 days": (STANDARD, sizes.standard_worlds),
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
    per_negotiation = [
        Row(name, [1e6 * t["processor_seconds"] / t["negotiations"] for t in runs], "us")
        for name, runs in told.items()
        if name.startswith("scml-")
    ]
    counts = []
    for name, (arguments, _) in kinds.items():
        for phase in ("setup", "inner", "ending"):
            values = [t[f"allocations_{phase}"] / t["worlds"] for t in told[name]]
            counts.append(Row(f"{name}: {phase}", values, "allocations"))
    looks, missing = _looks(bench, kinds)
    oneshot = next(row for row in counts if row.what == "scml-oneshot, 50 days: inner")
    return Part(
        "worlds",
        "What users pay processor time for. All built-in competitors play, 3 (2 in the dilemma) at "
        "a time in all sets, seatings and 3 configurations; a OneShot economy has 9 factories on "
        "average, a Standard economy 14.",
        "one core that does nothing else. The instructions, counted by callgrind for fixed seeds "
        "as the difference of two lengths of a run, do not depend on what else the machine does.",
        [
            Table("Worlds per second of processor time", "", speed),
            Table("Processor time per negotiation", "", per_negotiation),
            Table("Allocations per world, by phase", "", counts),
            *looks,
        ],
        [
            Target("OneShot worlds per second and core", speed[0].median, "/s", 2000, True),
            Target("allocations per OneShot world, inner", oneshot.median, "", 0, False),
        ],
        [
            "Phases of a world: up to its first report of progress it is set up (and plays its "
            "first day), from there to the last report is its inner loop, then it makes its "
            "result.",
            *missing,
        ],
    )


def _looks(bench: Bench, kinds: Kinds) -> tuple[list[Table], list[str]]:
    """Instructions and profiles, as far as there are the tools; and which tools are missing."""
    counter = tools.callgrind_of(bench.scratch)
    if counter is None:
        return [], ["left out: instructions and profiles (apt-get install valgrind linux-perf)"]
    short = bench.sizes.callgrind_worlds
    instructions, profiles = [], []
    for name, (arguments, worlds) in kinds.items():
        once, thrice = (
            counter.instructions(_command(bench, arguments, count)) for count in (short, 3 * short)
        )
        instructions.append(Row(name, [(thrice - once) / (2 * short) / 1000], "thousand"))
        tool, rows = tools.profile(counter, _command(bench, arguments, worlds))
        profiles.append(Table(f"Where the time of {name} goes ({tool})", "", rows))
    return [Table("Instructions per world (callgrind)", "", instructions), *profiles], []


def _command(bench: Bench, arguments: Arguments, worlds: int) -> list[str]:
    return [str(bench.programs / "bench-worlds"), *map(str, arguments), "--worlds", str(worlds)]
