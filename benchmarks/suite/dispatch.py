"""How fast worlds are handed out and taken back."""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

from suite import peers, programs
from suite.bench import Bench
from suite.measure import Part, Row, Table, Target, compared, interleave, percentile
from suite.render import number

WORKERS = (1, 2, 4)
BYTES = {"16B": 16, "1KiB": 1 << 10, "64KiB": 1 << 16, "1MiB": 1 << 20, "64MiB": 1 << 26}
WORK = {"1us": 1e-6, "10us": 1e-5, "100us": 1e-4, "1ms": 1e-3, "10ms": 1e-2, "100ms": 1e-1}
FILE_OF_ITS_OWN = 1 << 16  # bytes from which on the journal keeps a result in a file
OWN_MACHINE = 95  # per cent that bare processes reach when nobody else uses the cores
BUSY = 2  # workers of the efficiency table
REFERENCE = "ProcessPoolExecutor, chunk 1"
INSERT = "limit: SQLite alone, one thread"
ROW_BYTES = "40B"  # of an encoded result of two scores
Told = dict[str, Any]


def measure(bench: Bench) -> Part:
    """Throughput, payloads, efficiency and the idle round trip."""
    tables, targets, notes = _throughput(bench)
    efficiency = _efficiency(bench)
    targets.append(_efficiency_target(efficiency))
    return Part(
        "dispatch",
        "A world that does nothing leaves only the way to it and back; games of microseconds (a "
        "prisoner's dilemma) come close to that. With work the same figure becomes the efficiency "
        "that longer games see. Payloads are what worlds return beside their scores. The peers do "
        "the same: a function that returns two numbers. Chunk 1 is how they are used for worlds "
        "that may fail; larger chunks are their ceiling, where one failure loses the whole chunk.",
        "for the journal a bare SQLite loop that inserts rows of the same shape; for payloads one "
        "memcpy of blocks of that size, for journaled ones of 64 KiB and more a file that is "
        "flushed; for the round trip two processes that ring each other's "
        "eventfd, both asleep before; for efficiency two processes that do the same work without "
        "a pool, which on an idle machine is 100 %. All measured in the same rounds.",
        [*tables, _payloads(bench), efficiency, _round_trips(bench), *programs.tables(bench)],
        targets,
        notes,
    )


def _rate(told: Told) -> float:
    return float(told["worlds"]) / float(told["seconds"])


def _joust(journaled: bool, workers: int) -> str:
    """The name of a row."""
    journal = "journaled" if journaled else "no journal"
    return f"joust, {journal}, {workers} worker{'s' if workers > 1 else ''}"


def _play(bench: Bench, worlds: int, journaled: bool, *options: object) -> Told:
    journal = ["--journaled"] if journaled else []
    return bench.ask("dispatch", "--worlds", worlds, *options, *journal)


def _throughput(bench: Bench) -> tuple[list[Table], list[Target], list[str]]:
    """No-op worlds beside the peers, and what the supervisor spent on each."""
    count = bench.sizes.noop_worlds
    ours: dict[str, Callable[[], Told]] = {
        _joust(journaled, workers): partial(_play, bench, count, journaled, "--workers", workers)
        for journaled in (False, True)
        for workers in WORKERS
    }
    here, notes = peers.present() if bench.peers else ([peers.EXECUTOR], ["peers: not asked for"])
    calls = {name: call for peer in here for name, call in peer.cases(bench.sizes.calls).items()}
    cases: dict[str, Callable[[], Told]] = {
        **ours,
        INSERT: partial(_insert, bench, count),
        **{name: partial(_as_told, call) for name, call in calls.items()},
    }
    told = interleave(cases, bench.sizes.rounds)
    rates = [Row(name, [_rate(t) for t in runs], "/s") for name, runs in told.items()]
    reference = statistics.median(_rate(t) for t in told[REFERENCE])
    cpu = [
        Row(name, [1e6 * t["supervisor_seconds"] / t["worlds"] for t in told[name]], "us")
        for name in (*ours, INSERT)
    ]
    tables = [
        Table("No-op worlds (or calls) per second", f"x {REFERENCE}", compared(rates, reference)),
        Table(
            "The supervisor's own processor time per no-op world (user and system)",
            "x SQLite alone",
            compared(cpu, cpu[-1].median),
        ),
    ]
    versions = [f"{peer.name}: {peer.version()}" for peer in here]
    return tables, _throughput_targets(rates, cpu), notes + versions


def _throughput_targets(rates: list[Row], cpu: list[Row]) -> list[Target]:
    rate = {row.what: row.median for row in rates}
    spent = {row.what: row.median for row in cpu}
    plain, journaled = _joust(False, 2), _joust(True, 2)
    own = "supervisor's processor time per no-op world"
    return [
        Target("no-op worlds, journaled", rate[journaled], "/s", 500_000, at_least=True),
        Target("no-op worlds, no journal", rate[plain], "/s", 2_000_000, at_least=True),
        Target(f"{own}, no journal", spent[plain], "us", 1, at_least=False),
        Target(f"{own}, journaled", spent[journaled], "us", 1, at_least=False),
    ]


def _insert(bench: Bench, rows: int) -> Told:
    told = bench.ask("limits", "insert", "--count", rows, "--size", ROW_BYTES)
    return {
        "worlds": told["rows"],
        "seconds": told["seconds"],
        "supervisor_seconds": told["processor_seconds"],
    }


def _as_told(rate: Callable[[], float]) -> Told:
    return {"worlds": rate(), "seconds": 1.0}


def _payloads(bench: Bench) -> Table:
    """MB/s of results, 2 workers; the limits are a copy, and for the journal SQLite or a file."""
    cases: dict[str, Callable[[], float]] = {}
    for name in bench.sizes.payloads:
        for journaled in (False, True):
            what = f"{name}, {'journaled' if journaled else 'no journal'}"
            cases[what] = partial(_returned, bench, name, journaled)
        cases[f"{name}, memcpy"] = partial(_moved, bench, name, "copy")
        if BYTES[name] >= FILE_OF_ITS_OWN:
            cases[f"{name}, a file each, flushed"] = partial(_moved, bench, name, "flush")
        else:
            cases[f"{name}, SQLite alone"] = partial(_inserted, bench, name)
    told = interleave(cases, bench.sizes.rounds)
    rows = []
    for what, values in told.items():
        name = what.partition(",")[0]
        median = statistics.median(values)
        per_second = f"{number(1e6 * median / BYTES[name])} /s"
        ratio = median / statistics.median(told[f"{name}, memcpy"])
        rows.append(Row(what, values, "MB/s", ratio, per_second))
    return Table("Results with a payload, 2 workers", "x memcpy", rows)


def _returned(bench: Bench, name: str, journaled: bool) -> float:
    """MB/s of payloads."""
    most = min(bench.sizes.noop_worlds, bench.sizes.payload_bytes // BYTES[name])
    worlds = max(2, most // 2 * 2)
    return _rate(_play(bench, worlds, journaled, "--payload", name)) * BYTES[name] / 1e6


def _moved(bench: Bench, name: str, how: str) -> float:
    """MB/s of blocks of that size."""
    count = max(1, bench.sizes.payload_bytes // BYTES[name])
    told = bench.ask("limits", how, "--size", name, "--count", count)
    return float(told["bytes"]) / float(told["seconds"]) / 1e6


def _inserted(bench: Bench, name: str) -> float:
    """MB/s of rows with a result of that size."""
    count = min(bench.sizes.noop_worlds, bench.sizes.payload_bytes // BYTES[name])
    told = bench.ask("limits", "insert", "--size", name, "--count", count)
    return float(told["rows"]) * BYTES[name] / float(told["seconds"]) / 1e6


def _efficiency(bench: Bench) -> Table:
    """Work done, as a part of what two processes that do nothing else do in that time."""
    cases: dict[str, Callable[[], float]] = {}
    for name in WORK:
        cases[f"{name} of work"] = partial(_worked, bench, name, _journaled)
        cases[f"{name}, two processes without a pool"] = partial(_worked, bench, name, _alone)
    told = interleave(cases, bench.sizes.rounds)
    rows = []
    for name in WORK:
        alone = statistics.median(told[f"{name}, two processes without a pool"])
        own = [Row(what, values, "%") for what, values in told.items() if _is_of(what, name)]
        rows += compared(own, alone)
    cores = len(os.sched_getaffinity(0))
    title = f"Efficiency, journaled, {BUSY} workers on {cores} cores: work as a part of the time"
    return Table(title, "x without a pool", rows)


def _efficiency_target(efficiency: Table) -> Target:
    joust, alone = (row.median for row in efficiency.rows if _is_of(row.what, "100us"))
    busy = f"others used the cores, two bare processes reach {alone:.0f} %"
    doubt = busy if alone < OWN_MACHINE else ""
    return Target("efficiency at 100us, journaled, 2 workers", joust, "%", 95, True, doubt)


def _is_of(what: str, name: str) -> bool:
    return what.startswith((f"{name} ", f"{name},"))


def _worked(bench: Bench, name: str, play: Callable[[Bench, int, str], Told]) -> float:
    """Per cent of the cores' time that was work."""
    most = BUSY * bench.sizes.efficiency_seconds / WORK[name]
    worlds = max(2 * BUSY, int(min(most, bench.sizes.noop_worlds)) // 2 * 2)
    return 100 * _rate(play(bench, worlds, name)) * WORK[name] / BUSY


def _journaled(bench: Bench, worlds: int, work: str) -> Told:
    return _play(bench, worlds, True, "--work", work, "--workers", BUSY)


def _alone(bench: Bench, worlds: int, work: str) -> Told:
    return bench.ask("limits", "work", "--count", worlds, "--work", work)


def _round_trips(bench: Bench) -> Table:
    """One world at a time; each round gives one median and one 99th percentile."""
    count = bench.sizes.round_trips
    wake = "two eventfds between two processes"
    pool = "one world to an idle worker and back"
    cases = {
        wake: lambda: bench.ask("limits", "wake", "--count", count),
        pool: lambda: bench.ask("latency", "--count", count),
    }
    told = interleave(cases, bench.sizes.rounds)
    rows = []
    for part, label in ((0.5, "p50"), (0.99, "p99")):
        own = [
            Row(f"{what}, {label}", [percentile(t["microseconds"], part) for t in told[what]], "us")
            for what in (wake, pool)
        ]
        rows += compared(own, own[0].median)
    return Table("Round trip, both sides asleep before", "x eventfds", rows)
