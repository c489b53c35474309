#!/usr/bin/python3
"""All benchmarks of joust as one table; tools/bench.sh builds what they need and starts this.

README.md says how to read it.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from suite import dispatch, growth, merge, recovery, scale, start_stop, tournament, worlds
from suite.bench import ROOT, Bench, output_of
from suite.measure import Part
from suite.render import as_json, markdown
from suite.sizes import FULL, QUICK, SMOKE, Sizes

PARTS: dict[str, Callable[[Bench], Part]] = {
    "dispatch": dispatch.measure,
    "tournament": tournament.measure,
    "start_stop": start_stop.measure,
    "scale": scale.measure,
    "merge": merge.measure,
    "worlds": worlds.measure,
    "growth": growth.measure,
    "recovery": recovery.measure,
}
NEEDED = ("dispatch", "latency", "recovery", "worlds", "limits", "merge")


def main() -> int:
    """Exit code 0, whether targets are met or not; 1 when something could not be measured; 2 for a
    bad command line; 130 when interrupted."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = _parse()
    try:
        with tempfile.TemporaryDirectory(prefix="joust-bench.") as scratch:
            os.environ["TMPDIR"] = scratch  # of the programs, too
            return _main(options, Path(scratch))
    except KeyboardInterrupt:
        return 130
    except (subprocess.SubprocessError, RuntimeError, OSError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tools/bench.sh",
        description="Measures joust and prints a table (Markdown); the same goes to "
        "DIR/benchmarks.md, every single value to DIR/benchmarks.json. benchmarks/README.md says "
        "how to read it.",
        epilog="Parts: " + ", ".join(PARTS) + ".",
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="small sizes, three rounds")
    size.add_argument(
        "--smoke",
        action="store_true",
        help="one round of next to nothing, no peers: do the benchmarks themselves work?",
    )
    for option, meta, kind, default, text in (
        ("--only", "PARTS", str, ",".join(PARTS), "some of them, such as dispatch,recovery"),
        ("--out", "DIR", Path, ROOT / "runs" / "benchmarks", "for the files (runs/benchmarks)"),
        ("--rounds", "N", int, None, "of each part, instead of the size's"),
        ("--joust", "PATH", Path, None, "another joust for whole runs (build/release/bin/joust)"),
        ("--programs", "DIR", Path, ROOT / "build" / "release" / "bin", "with bench-dispatch and "
         "the others, built already (build/release/bin)"),
    ):
        parser.add_argument(option, metavar=meta, type=kind, default=default, help=text)
    options = parser.parse_args()
    options.only = options.only.split(",")
    options.joust = (options.joust or options.programs / "joust").absolute()
    options.programs = options.programs.absolute()
    unknown = [part for part in options.only if part not in PARTS]
    if unknown:
        parser.error(f"--only: there is no part '{unknown[0]}'; there are {', '.join(PARTS)}")
    if options.rounds is not None and options.rounds < 1:
        parser.error(f"--rounds {options.rounds}: at least 1")
    programs = [options.joust, *(options.programs / f"bench-{name}" for name in NEEDED)]
    for program in programs:
        if not os.access(program, os.X_OK):
            parser.error(f"{program} is no program; tools/bench.sh builds those of build/release")
    return options


def _sizes(options: argparse.Namespace) -> Sizes:
    sizes = SMOKE if options.smoke else QUICK if options.quick else FULL
    if options.rounds is None:
        return sizes
    own = options.rounds
    return dataclasses.replace(sizes, rounds=own, scale_rounds=own, merge_rounds=own)


def _machine(options: argparse.Namespace, sizes: Sizes) -> dict[str, str]:
    version = output_of([str(options.joust), "--version"])
    cpus = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(": ")[2] for line in cpus if line.startswith("model name")]
    model = models[0] if models else platform.machine()
    now = datetime.datetime.now(datetime.timezone.utc)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return {
        "joust": version.strip(),
        "machine": f"{len(os.sched_getaffinity(0))} cores, {model}",
        "system": f"{platform.system()} {platform.release()}, CPython {platform.python_version()}",
        "load before": load,
        "size": f"{sizes.name}, {sizes.rounds} rounds",
        "date": now.strftime("%Y-%m-%d %H:%M UTC"),
    }


def _main(options: argparse.Namespace, scratch: Path) -> int:
    sizes = _sizes(options)
    bench = Bench(options.joust, options.programs, scratch, sizes, peers=not options.smoke)
    machine = _machine(options, sizes)
    options.out.mkdir(parents=True, exist_ok=True)
    parts: list[Part] = []
    for name in options.only:
        print(f"{name}:", file=sys.stderr, flush=True)
        parts.append(PARTS[name](bench))
        _write(options.out, machine, parts)  # what is there when a later part fails
    print(markdown(machine, parts))
    return 0


def _write(folder: Path, machine: dict[str, str], parts: list[Part]) -> None:
    (folder / "benchmarks.md").write_text(markdown(machine, parts))
    values = json.dumps(as_json(machine, parts), indent=1)
    (folder / "benchmarks.json").write_text(values + "\n")


if __name__ == "__main__":
    sys.exit(main())
