"""How soon a lost worker is replaced."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial

from suite.bench import Bench
from suite.measure import Part, Row, Table, interleave

HOW = {"kill": "SIGKILL", "stop": "SIGSTOP", "spin": "a world computes for ever"}
BEYOND = "for SIGSTOP and a world that computes for ever: beyond the timeout of"
LARGEST, LONG = "2GiB", "5s"  # so much memory takes a second to fill


def measure(bench: Bench) -> Part:
    """By misfortune and by the worker's resident memory."""
    sizes = bench.sizes
    timeout = sizes.recovery_timeout
    cases: dict[str, Callable[[], list[float]]] = {}
    for rss in sizes.recovery_rss:
        free = ("limits", "free", "--size", rss, "--count", sizes.kills)
        cases[f"limit: the kernel frees {rss}"] = partial(_milliseconds, bench, *free)
        for how, what in HOW.items():
            # A world that computes for ever must have its memory before its time is over.
            own = LONG if how == "spin" and rss == LARGEST else timeout
            times = sizes.kills if how == "kill" else 1
            lose = ("recovery", "--how", how, "--rss", rss, "--timeout", own, "--times", times)
            cases[f"{what}, {rss}"] = partial(_milliseconds, bench, *lose)
    told = interleave(cases, sizes.rounds)
    rows = []
    for rss in sizes.recovery_rss:
        limit = statistics.median(_all(told[f"limit: the kernel frees {rss}"]))
        for what in told:
            if what.endswith(f" {rss}"):
                values = _all(told[what])
                rows.append(Row(what, values, "ms", statistics.median(values) / limit))
    return Part(
        "recovery",
        "This is what each crash costs beside the world that was lost: until the replacement has "
        "its next world. Native worlds have some MiB, those that load libraries or models hundreds "
        "or more. The worker is alone, so that nobody else plays meanwhile.",
        "a process of the same size is killed and waited for: the kernel's time to take its memory "
        "back. What is beyond it and two starts of a small process is joust's own.",
        [Table(f"Until the replacement plays; {BEYOND} {timeout}", "x freeing", rows)],
        notes=[
            "SIGSTOP and worlds that compute for ever are found by `frozen_timeout` and "
            "`stall_timeout`; the figures are what comes on top: joust looks at its workers at "
            "intervals, which are a part of the shortest timeout, and takes their stacks.",
            f"Where a world computes for ever with {LARGEST}, the timeout is {LONG}.",
        ],
    )


def _milliseconds(bench: Bench, program: str, *arguments: object) -> list[float]:
    values: list[float] = bench.ask(program, *arguments)["milliseconds"]
    return values


def _all(runs: list[list[float]]) -> list[float]:
    return [value for run in runs for value in run]
