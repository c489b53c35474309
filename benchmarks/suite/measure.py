"""Runs of many cases in turn, and what their figures come to."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


def interleave(cases: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Each case once per round: what disturbs the machine for a while disturbs all alike."""
    values: dict[str, list[T]] = {name: [] for name in cases}
    for number in range(rounds):
        started = time.monotonic()
        for name, case in cases.items():
            values[name].append(case())
        spent = time.monotonic() - started
        print(f"  round {number + 1} of {rounds}: {spent:.1f} s", file=sys.stderr, flush=True)
    return values


def percentile(values: list[float], part: float) -> float:
    """The value that `part` (0 to 1) of them do not exceed."""
    return sorted(values)[round(part * (len(values) - 1))]


@dataclass(frozen=True)
class Row:
    """One line of a table: a figure measured several times."""

    what: str
    values: list[float]
    unit: str
    ratio: float | None = None  # to what the table's head says
    note: str = ""

    @property
    def median(self) -> float:
        """Of the values."""
        return statistics.median(self.values)


@dataclass(frozen=True)
class Table:
    """Rows that were measured in the same rounds."""

    title: str
    ratio: str  # what the ratios are to; empty: there are none
    rows: list[Row]


@dataclass(frozen=True)
class Target:
    """What joust wants to reach."""

    what: str
    measured: float
    unit: str
    bound: float
    at_least: bool  # or at most
    doubt: str = ""  # why this run cannot say whether it was reached; empty: it can

    @property
    def met(self) -> bool:
        """Whether it was reached in this run."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound


@dataclass(frozen=True)
class Part:
    """What one part of the suite has found."""

    name: str
    why: str  # the workload is representative
    limit: str  # of the machine, which the figures are held against
    tables: list[Table]
    targets: list[Target] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def compared(rows: list[Row], reference: float, inverse: bool = False) -> list[Row]:
    """The rows with their ratio to a reference value; `inverse`: reference / value."""
    return [
        Row(
            row.what,
            row.values,
            row.unit,
            reference / row.median if inverse else row.median / reference,
            row.note,
        )
        for row in rows
    ]
