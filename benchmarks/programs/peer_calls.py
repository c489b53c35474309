"""Calls of a function that does nothing, through one pool: prints the seconds that they took.

    peer_calls.py POOL CALLS CHUNK WORKERS

The pool is warm before: starting it is no part of the figure.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Calls = Callable[[int, int], None]  # makes so many calls with that chunk size, and waits for them


def nothing(seed: int) -> tuple[float, float]:
    """Two scores that come from the seed, as the no-op world of joust has them."""
    return (seed & 255) / 255, (seed >> 8 & 255) / 255


@contextmanager
def executor(workers: int) -> Iterator[Calls]:
    """concurrent.futures."""
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers) as pool:
        yield lambda calls, chunk: consume(pool.map(nothing, range(calls), chunksize=chunk))


@contextmanager
def pool(workers: int) -> Iterator[Calls]:
    """multiprocessing, results as they come."""
    from multiprocessing import Pool

    with Pool(workers) as own:
        yield lambda calls, chunk: consume(
            own.imap_unordered(nothing, range(calls), chunksize=chunk)
        )


@contextmanager
def joblib(workers: int) -> Iterator[Calls]:
    """joblib with loky, its default."""
    from joblib import Parallel, delayed

    def call(calls: int, chunk: int) -> None:
        with Parallel(n_jobs=workers, batch_size=chunk) as parallel:
            parallel(delayed(nothing)(seed) for seed in range(calls))

    yield call


@contextmanager
def pebble(workers: int) -> Iterator[Calls]:
    """pebble's map, which like the executor's keeps the order."""
    from pebble import ProcessPool

    with ProcessPool(max_workers=workers) as own:
        yield lambda calls, chunk: consume(
            own.map(nothing, range(calls), chunksize=chunk).result()
        )


@contextmanager
def dask(workers: int) -> Iterator[Calls]:
    """dask.distributed on one machine; it has no chunks."""
    from distributed import Client, LocalCluster

    with LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=None, processes=True
    ) as cluster, Client(cluster) as client:
        yield lambda calls, chunk: consume(
            client.gather(client.map(nothing, range(calls), pure=False))
        )


def consume(results: object) -> None:
    """Wait for each."""
    for _ in results:  # type: ignore[attr-defined]
        pass


POOLS = {"executor": executor, "pool": pool, "joblib": joblib, "pebble": pebble, "dask": dask}


def main() -> None:
    """Warm up, measure, print."""
    calls, chunk, workers = map(int, sys.argv[2:5])
    with POOLS[sys.argv[1]](workers) as call:
        call(100, 1)
        start = time.perf_counter()
        call(calls, chunk)
        print(time.perf_counter() - start)


if __name__ == "__main__":
    main()
