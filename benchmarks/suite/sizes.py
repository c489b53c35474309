"""How much is measured: the three sizes of the suite."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """One size. Counts of worlds and calls are per run; each run is repeated `rounds` times,
    those of the parts scale and merge `scale_rounds` and `merge_rounds` times."""

    name: str
    rounds: int
    noop_worlds: int
    payloads: tuple[str, ...]
    payload_bytes: int  # of all results of one run together, at most (but two worlds are played)
    efficiency_seconds: float  # of work in one run, on all workers together
    round_trips: int
    calls: int  # of a peer that starts no process for each; of one that does, a fiftieth
    python_worlds: int
    recovery_rss: tuple[str, ...]
    recovery_timeout: str
    kills: int
    oneshot_worlds: int
    dilemma_worlds: int
    standard_worlds: int
    growth_negotiations: int
    callgrind_worlds: int
    starts: int
    scale: tuple[int, int]
    scale_rounds: int
    merge: tuple[int, int]
    merge_rounds: int


FULL = Sizes(
    name="full",
    rounds=5,
    noop_worlds=1_000_000,
    payloads=("16B", "1KiB", "64KiB", "1MiB", "64MiB"),
    payload_bytes=1 << 26,
    efficiency_seconds=1.0,
    round_trips=1000,
    calls=5000,
    python_worlds=40_000,
    recovery_rss=("4MiB", "64MiB", "512MiB", "2GiB"),
    recovery_timeout="1s",
    kills=4,
    oneshot_worlds=2268,
    dilemma_worlds=50_000,
    standard_worlds=756,
    growth_negotiations=200_000,
    callgrind_worlds=84,
    starts=4,
    scale=(1_000_000, 10_000_000),
    scale_rounds=3,
    merge=(1_000_000, 10_000_000),
    merge_rounds=3,
)

QUICK = Sizes(
    name="quick",
    rounds=3,
    noop_worlds=100_000,
    payloads=("16B", "1KiB", "64KiB", "1MiB"),
    payload_bytes=1 << 23,
    efficiency_seconds=0.1,
    round_trips=200,
    calls=500,
    python_worlds=4000,
    recovery_rss=("4MiB", "64MiB"),
    recovery_timeout="200ms",
    kills=2,
    oneshot_worlds=756,
    dilemma_worlds=10_000,
    standard_worlds=252,
    growth_negotiations=50_000,
    callgrind_worlds=21,
    starts=3,
    scale=(10_000, 100_000),
    scale_rounds=3,
    merge=(100_000, 1_000_000),
    merge_rounds=3,
)

SMOKE = Sizes(
    name="smoke",
    rounds=1,
    noop_worlds=2000,
    payloads=("16B", "64KiB"),
    payload_bytes=1 << 20,
    efficiency_seconds=0.01,
    round_trips=10,
    calls=20,
    python_worlds=100,
    recovery_rss=("4MiB",),
    recovery_timeout="50ms",
    kills=1,
    oneshot_worlds=20,
    dilemma_worlds=100,
    standard_worlds=20,
    growth_negotiations=2000,
    callgrind_worlds=2,
    starts=1,
    scale=(200, 2000),
    scale_rounds=1,
    merge=(1000, 4000),
    merge_rounds=1,
)
