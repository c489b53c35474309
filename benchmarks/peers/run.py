#!/usr/bin/python3
"""The same misfortunes on joust and on other pools of worker processes; see README.md.

    benchmarks/peers/run.py                             everything, some minutes
    benchmarks/peers/run.py --peer pebble --case stop   one cell
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import processes
from cases import CASES, Case, Outcome, play
from drivers import tasks
from joust_peer import Joust
from peer import Peer
from peers import Dask, Executor, Loky, Parallel, Pebble, Pool
from table import cell, table

DEFAULT_JOUST = Path(__file__).resolve().parents[2] / "build/release/bin/joust"
Row = tuple[Peer, Case, bool]


def main() -> int:
    """Play the chosen cases and print the tables. 130 when interrupted, with nothing left behind."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return _main()
    except KeyboardInterrupt:
        return 130


def _main() -> int:
    """What main() does when all goes well."""
    processes.adopt_orphans()
    peers: list[Peer] = [Executor(), Pool(), Loky(), Pebble(), Dask(), Parallel()]
    options = _parse([peer.name for peer in peers])
    peers.append(Joust(options.joust))
    chosen = _present([peer for peer in peers if _fits(peer.name, options.peer)])
    cases = [case for case in CASES if _fits(case.name, options.case)]
    rows = [
        (peer, case, with_option)
        for with_option in (False, True)
        for peer in chosen
        for case in cases
    ]
    outcomes = _play_all([row for row in rows if not row[2] or row[0].option], options)
    processes.reap_all()
    head = _head(chosen, options)
    print("\n\n".join([head, *_tables(outcomes, cases)]))
    if options.json:
        options.json.write_text(
            json.dumps({"head": head, "cells": [asdict(o) for o in outcomes]}, indent=1) + "\n"
        )
    return 1 if any(outcome.verdict == "failed" for outcome in outcomes) else 0


def _parse(names: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words = ", ".join([*names, "joust"])
    parser.add_argument(
        "--peer", action="append", help=f"only peers with this word in their name: {words}"
    )
    words = ", ".join(case.name for case in CASES)
    parser.add_argument(
        "--case", action="append", help=f"only cases with this word in their name: {words}"
    )
    parser.add_argument(
        "--limit", type=float, default=20, help="seconds until a case counts as hung (20)"
    )
    parser.add_argument(
        "--jobs", type=int, default=4, help="cases at the same time (4); 1 for exact seconds"
    )
    parser.add_argument(
        "--joust", type=Path, default=DEFAULT_JOUST, help="the joust to play (of build/release)"
    )
    parser.add_argument("--json", type=Path, help="write the outcomes to this file as well")
    return parser.parse_args()


def _fits(name: str, words: list[str] | None) -> bool:
    """Whether the name has one of the words, or there are none."""
    return not words or any(word.lower() in name.lower() for word in words)


def _present(peers: list[Peer]) -> list[Peer]:
    """The peers that are installed; for the others, say what brings them."""
    for peer in peers:
        if peer.version() is None:
            print(
                f"{peer.name} is missing and left out; it comes with: {peer.brought_by}",
                file=sys.stderr,
            )
    return [peer for peer in peers if peer.version() is not None]


def _play_all(rows: list[Row], options: argparse.Namespace) -> list[Outcome]:
    """Play some cases at a time; after an interrupt, those that have begun end at once."""
    stop = threading.Event()
    with ThreadPoolExecutor(max(1, options.jobs)) as pool:
        futures = [pool.submit(_play, row, options.limit, stop) for row in rows]
        try:
            return [future.result() for future in futures]
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _play(row: Row, limit: float, stop: threading.Event) -> Outcome:
    """Play one case and tell how it went."""
    outcome = play(*row, limit, stop)
    print(f"{outcome.peer}: {outcome.case}: {cell(outcome)}", file=sys.stderr)
    return outcome


def _head(peers: list[Peer], options: argparse.Namespace) -> str:
    """What was measured, on what, with which versions."""
    versions = "\n".join(
        f"- {version}" for version in dict.fromkeys(peer.version() for peer in peers)
    )
    system = os.uname()
    return (
        f"{tasks.TASKS} tasks on {tasks.WORKERS} workers; hung: not ended {options.limit:g} s after the misfortune; "
        f"{options.jobs} cases at a time.\n\n"
        f"{versions}\n- {system.sysname} {system.release}, {system.machine}, {os.cpu_count()} processors"
    )


def _tables(outcomes: list[Outcome], cases: list[Case]) -> list[str]:
    """The table of the defaults, and that of the safeguards."""
    plain = [outcome for outcome in outcomes if "," not in outcome.peer]
    guarded = [outcome for outcome in outcomes if "," in outcome.peer]
    titles = ["As they come:", "With their own safeguard:"]
    return [
        f"{title}\n\n{table(part, cases)}" for title, part in zip(titles, [plain, guarded]) if part
    ]


if __name__ == "__main__":
    sys.exit(main())
