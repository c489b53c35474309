"""The journals of shards become one."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from functools import partial

from suite.bench import Bench
from suite.measure import Part, Row, Table, interleave

Told = dict[str, float]
FEW = 20
MANY = 400  # more than are read at once: they are merged in groups first


def measure(bench: Bench) -> Part:
    """Results per second, bytes and memory, by their number and by that of the shards."""
    small, large = bench.sizes.merge
    sizes = {
        f"{small:,} results, {FEW} shards": (small, FEW),
        f"{large:,} results, {FEW} shards": (large, FEW),
        f"{large:,} results, {MANY} shards": (large, MANY),
    }
    cases: dict[str, Callable[[], Told]] = {
        name: partial(_merge, bench, worlds, shards) for name, (worlds, shards) in sizes.items()
    }
    told = interleave(cases, bench.sizes.merge_rounds)
    kinds: tuple[tuple[str, str, Callable[[Told, int], float]], ...] = (
        ("time", "s", lambda t, n: t["seconds"]),
        ("results per second", "/s", lambda t, n: n / t["seconds"]),
        ("processor time per result", "us", lambda t, n: 1e6 * t["processor_seconds"] / n),
        ("peak memory", "MiB", lambda t, n: t["peak_bytes"] / 2**20),
        ("bytes per result, merged", "B", lambda t, n: t["merged_bytes"] / n),
        ("bytes per result, of the shards", "B", lambda t, n: t["shard_bytes"] / n),
    )
    rows = [
        Row(f"{what}, {name}", [value(run, sizes[name][0]) for run in told[name]], unit)
        for what, unit, value in kinds
        for name in sizes
    ]
    first, second, _ = (
        statistics.median(run["seconds"] for run in runs) for runs in told.values()
    )
    exponent = math.log(second / first) / math.log(large / small)
    return Part(
        "merge",
        "What a cluster has played comes together on one machine: the rows of all shards, in the "
        "order of tasks, with results of 40 bytes.",
        "each row is read and written once (twice where there are more shards than are read at "
        "once); memory must not grow with their number.",
        [Table("joust merge, without tables and report", "", rows)],
        [],
        [f"With their number the time grows as n^{exponent:.2f}."],
    )


def _merge(bench: Bench, worlds: int, shards: int) -> Told:
    told: Told = bench.ask("merge", "--worlds", worlds, "--shards", shards)
    return told
