"""Looks into a program: its instructions by callgrind, its profile by perf."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from suite.bench import PATIENCE, output_of
from suite.measure import Row

TOP = 12  # functions of a profile
LONGEST = 100  # characters of a function's name
Shares = list[tuple[str, str]]  # per cent, function


@dataclass(frozen=True)
class Callgrind:
    """Runs programs under valgrind, which takes fifty times as long."""

    scratch: Path

    def instructions(self, command: list[str]) -> int:
        """Of the whole program."""
        out = f"--callgrind-out-file={self.scratch / 'callgrind.out'}"
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", out, *command],
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        found = re.search(r"Collected : (\d+)", done.stderr)
        if found is None:
            raise RuntimeError(f"callgrind does not say what it collected: {done.stderr[-400:]}")
        return int(found[1])

    def shares(self) -> Shares:
        """Of the program that ran last."""
        text = output_of(["callgrind_annotate", str(self.scratch / "callgrind.out")])
        return re.findall(r"^ *[\d,]+ \( *(\d+\.\d+)%\) +[^:]*:(.*?) \[", text, re.MULTILINE)


def callgrind_of(scratch: Path) -> Callgrind | None:
    """Nothing where there is no valgrind."""
    return Callgrind(scratch) if shutil.which("valgrind") else None


def profile(counter: Callgrind, command: list[str]) -> tuple[str, list[Row]]:
    """The functions with most of the time, and which tool says so: perf, of the command; where
    that is missing or may not look, callgrind, of what it counted last."""
    tool, shares = "callgrind", counter.shares()
    data = str(counter.scratch / "perf.data")
    if _recorded(command, data):
        text = output_of(["perf", "report", "--stdio", "-i", data, "--sort", "symbol"])
        pattern = r"^ +(\d+\.\d+)% +\[[.k]\] (.*?)(?:  .*)?$"
        tool, shares = "perf", re.findall(pattern, text, re.MULTILINE)
    rows = [Row(f"`{name[:LONGEST]}`", [float(share)], "%") for share, name in shares[:TOP]]
    return tool, rows


def _recorded(command: list[str], data: str) -> bool:
    if shutil.which("perf") is None:
        return False
    record = ["perf", "record", "-q", "-F", "1999", "-o", data, *command]
    done = subprocess.run(record, capture_output=True, timeout=PATIENCE, check=False)
    return done.returncode == 0
