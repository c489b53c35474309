#!/usr/bin/env python3
"""What it costs to play worlds in another program, beside Python's own pool of processes.

    benchmarks/programs/run.py [--joust BIN/joust] [--worlds N] [--workers N] [--times N]

A world that does nothing is the worst case: all that is measured is the way to the program and back.
joust counts each result in its journal, computes the tables and writes them; ProcessPoolExecutor (chunks
of one, as a tournament needs them) only collects return values. Both run one after the other, as often as
`--times` says, on the same machine; the medians and their ratio are printed, and last what a restart of a
program costs beyond the time that the program itself takes to start.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent

SPEC = """
[tournament]
name = "nothing"
configs = {configs}

[world]
kind = "command"
command = {command}
cwd = {cwd}
env = {{ PYTHONPATH = {sdk} }}
max_worlds_per_process = {max_worlds}

[[competitor]]
type = "a"

[[competitor]]
type = "b"

[workers]
count = {workers}
"""


def play(joust, worlds, workers, command, max_worlds=0):
    """Seconds from the first world to the last commit, as joust itself reports them."""
    with tempfile.TemporaryDirectory() as folder:
        spec = pathlib.Path(folder, "nothing.toml")
        spec.write_text(
            SPEC.format(
                configs=worlds // 2,
                command=json.dumps(command),
                cwd=json.dumps(str(HERE)),
                sdk=json.dumps(str(ROOT / "tools" / "python")),
                max_worlds=max_worlds,
                workers=workers,
            )
        )
        start = time.monotonic()
        subprocess.run(
            [joust, "run", "--quiet", str(spec), "--out", str(pathlib.Path(folder, "run"))],
            check=True,
        )
        return time.monotonic() - start


def nothing(_):
    return [0.0, 1.0]


def play_in_executor(worlds, workers):
    start = time.monotonic()
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        for _ in pool.map(nothing, range(worlds), chunksize=1):
            pass
    return time.monotonic() - start


def restart_cost(joust, worlds):
    """Milliseconds that a restart adds to what starting the program takes."""
    shell = ["python3", "-S", "-E", str(HERE / "bare.py")]
    stay = play(joust, worlds, 1, shell)
    leave = play(joust, worlds, 1, shell, max_worlds=1)
    starts = []
    for _ in range(20):
        begin = time.monotonic()
        subprocess.run(shell[:3] + ["-c", "import json"], check=True)
        starts.append(time.monotonic() - begin)
    return 1000 * ((leave - stay) / (worlds - 1) - statistics.median(starts))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--joust", default=str(ROOT / "build" / "release" / "bin" / "joust"))
    parser.add_argument("--worlds", type=int, default=40_000)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    command = ["python3", "-m", "joust", "nothing.py"]
    ours, theirs = [], []
    for _ in range(options.times):
        ours.append(options.worlds / play(options.joust, options.worlds, options.workers, command))
        theirs.append(options.worlds / play_in_executor(options.worlds, options.workers))
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"{options.worlds} worlds, {options.workers} workers, median of {options.times}:")
    print(f"  joust, worlds in Python   {mine:10,.0f} worlds/s, start, journal and tables included")
    print(f"  ProcessPoolExecutor       {other:10,.0f} calls/s, chunks of one")
    print(f"  ratio                     {mine / other:10.2f}")
    print(f"  a restart                 {restart_cost(options.joust, 200):10.1f} ms beyond its own start")


if __name__ == "__main__":
    main()
