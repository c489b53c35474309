"""Other pools that make the same calls; programs/peer_calls.py and two programs do the work.

The fault stories of the same peers are in benchmarks/peers/.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from suite.bench import output_of

CALLS = Path(__file__).resolve().parents[1] / "programs" / "peer_calls.py"
WORKERS = 2


@dataclass(frozen=True)
class Library:
    """A pool of a Python library, with the chunk sizes that are tried; 1 is the size for worlds."""

    name: str
    key: str  # in programs/peer_calls.py
    module: str
    package: str  # of Debian
    chunks: tuple[int, ...]
    part_of_calls: float = 1.0  # slow ones make fewer

    def version(self) -> str | None:
        """Nothing when it is not installed."""
        if importlib.util.find_spec(self.module.partition(".")[0]) is None:
            return None
        try:
            return importlib.metadata.version(self.module)
        except importlib.metadata.PackageNotFoundError:
            return "of CPython"

    def cases(self, calls: int) -> dict[str, Callable[[], float]]:
        """Calls per second by chunk size, each in a fresh process."""
        return {
            f"{self.name}, chunk {chunk}": self._case(int(calls * self.part_of_calls), chunk)
            for chunk in self.chunks
        }

    def _case(self, calls: int, chunk: int) -> Callable[[], float]:
        count = calls if chunk == 1 else 20 * calls
        command = [sys.executable, str(CALLS), self.key, str(count), str(chunk)]
        return lambda: count / float(output_of([*command, str(WORKERS)]))


@dataclass(frozen=True)
class Program:
    """A program that starts a process for each line of its input."""

    name: str
    command: tuple[str, ...]
    package: str

    def version(self) -> str | None:
        """Another `parallel`, of the package moreutils, does not count."""
        if shutil.which(self.command[0]) is None:
            return None
        told = output_of([self.command[0], "--version"])
        first = (told.splitlines() or [""])[0]
        return first if first.startswith(("GNU parallel", "xargs")) else None

    def cases(self, calls: int) -> dict[str, Callable[[], float]]:
        """Processes per second."""
        count = max(1, calls // 50)
        lines = "".join(f"{line}\n" for line in range(count))

        def case() -> float:
            start = time.monotonic()
            subprocess.run(
                self.command, input=lines, text=True, check=True, stdout=subprocess.DEVNULL
            )
            return count / (time.monotonic() - start)

        return {f"{self.name}, a process per call": case}


EXECUTOR = Library(
    "ProcessPoolExecutor", "executor", "concurrent.futures", "python3", (1, 64, 1024)
)
PEERS: tuple[Library | Program, ...] = (
    EXECUTOR,
    Library("multiprocessing.Pool", "pool", "multiprocessing", "python3", (1, 64, 1024)),
    Library("joblib (loky)", "joblib", "joblib", "python3-joblib", (1, 64, 1024)),
    Library("pebble", "pebble", "pebble", "python3-pebble", (1, 64)),
    Library("dask.distributed", "dask", "distributed", "python3-distributed", (1,), 0.4),
    Program("GNU parallel", ("parallel", "--will-cite", "-j", str(WORKERS), "true"), "parallel"),
    Program("xargs -P", ("xargs", "-n", "1", "-P", str(WORKERS), "true"), "findutils"),
)


def present() -> tuple[list[Library | Program], list[str]]:
    """Those that are installed, and a line for each that is not."""
    here = [peer for peer in PEERS if peer.version()]
    missing = [
        f"left out: {peer.name} is not installed (apt-get install {peer.package})"
        for peer in PEERS
        if peer not in here
    ]
    return here, missing
