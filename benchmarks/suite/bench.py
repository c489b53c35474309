"""What all parts use: the programs that are measured, a scratch folder, and the sizes."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from suite.sizes import Sizes

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 900.0  # seconds after which a program counts as hung, and the suite fails
MOST_CONFIGS = 1_000_000  # that a spec may have

SPEC = """
[tournament]
name = "bench"
configs = {configs}
runs = {runs}
competitors_per_world = 1

[world]
{world}

[[competitor]]
type = "Any"

[workers]
count = {workers}
"""


@dataclass(frozen=True)
class Bench:
    """One run of the suite."""

    joust: Path
    programs: Path  # the folder with bench-dispatch and the others
    scratch: Path
    sizes: Sizes
    peers: bool  # whether other pools are measured, too

    def ask(self, program: str, *arguments: object) -> dict[str, Any]:
        """What bench-PROGRAM measures."""
        command = [str(self.programs / f"bench-{program}"), *map(str, arguments)]
        answer: dict[str, Any] = json.loads(output_of(command))
        return answer

    def spec(self, name: str, worlds: int, workers: int = 2, world: str = 'name = "noop"') -> Path:
        """A spec file of so many worlds for one competitor; `world` has the keys of [world].
        Above a million it must be a multiple of one."""
        path = self.scratch / f"{name}.toml"
        configs = min(worlds, MOST_CONFIGS)
        runs = worlds // configs
        path.write_text(SPEC.format(configs=configs, runs=runs, world=world, workers=workers))
        return path

    def run_joust(self, *arguments: object) -> float:
        """Seconds that joust took, from its start as a process to its end."""
        return seconds_of([str(self.joust), *map(str, arguments)])


def output_of(command: list[str]) -> str:
    """What a program prints. Raises subprocess.CalledProcessError with its words when it fails."""
    return subprocess.run(
        command, check=True, stdout=subprocess.PIPE, timeout=PATIENCE, text=True
    ).stdout


def seconds_of(command: list[str], environment: Mapping[str, str] | None = None) -> float:
    """Seconds from a program's start to its end; its output goes nowhere."""
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) as process:
        # a wait with a timeout of its own looks at ever longer intervals, up to 50 ms
        limit = threading.Timer(PATIENCE, process.kill)
        limit.start()
        code = process.wait()
        seconds = time.monotonic() - start
        limit.cancel()
    if code != 0:
        raise subprocess.CalledProcessError(code, command)
    return seconds
