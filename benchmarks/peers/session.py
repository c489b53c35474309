"""One peer at work: its process, its scratch folder and what its log says."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import processes

DRIVERS = Path(__file__).resolve().parent / "drivers"
Event = dict[str, Any]
SLOWEST_START = (
    20.0  # seconds: to bring a misfortune about may take this long, however small the limit
)


class NotInflicted(Exception):
    """The misfortune could not be brought about, with the reason."""


@dataclass(frozen=True)
class Setting:
    """What the driver and its tasks are to do."""

    deed: str = "nothing"  # of the victim at its first attempt: nothing, compute, big, exit, flood
    batches: int = 1
    recycle: bool = False
    option: bool = False
    stdout: str = "file"  # file, read (a pipe that is read) or unread (a pipe that nobody reads)


@dataclass
class Session:
    """A scratch folder and the process that works in it; end() leaves nothing behind."""

    setting: Setting
    limit: float
    stop: threading.Event
    folder: Path = field(init=False)
    mark: str = field(init=False)
    process: subprocess.Popen[bytes] | None = None
    runs: int = 0
    unread: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="peers-"))
        self.mark = self.folder.name

    def start(self, command: list[str], stdout_name: str) -> None:
        """Start the command in a session of its own; a second time for a restart in the same folder."""
        self.runs += 1
        out, reader = self._output(stdout_name)
        with open(self.folder / "stderr", "ab") as err:
            self.process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        os.close(out)
        if self.setting.stdout == "read":
            threading.Thread(target=_drain, args=(reader,), daemon=True).start()
        elif reader is not None:
            self.unread.append(reader)

    def _output(self, name: str) -> tuple[int, int | None]:
        """The stdout of the driver, and the reading end when it is a pipe."""
        if self.setting.stdout == "file":
            path = self.folder / name
            return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644), None
        reader, writer = os.pipe()
        return writer, reader

    def _environment(self) -> dict[str, str]:
        """The environment of the driver and its workers."""
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        return {
            **os.environ,
            processes.MARK: f"{self.mark}.{self.runs}.",
            "PEERS_FOLDER": str(self.folder),
            "PEERS_RUN": str(self.runs),
            "PEERS_DEED": self.setting.deed,
            "PEERS_BATCHES": str(self.setting.batches),
            "PEERS_RECYCLE": str(int(self.setting.recycle)),
            "PEERS_OPTION": str(int(self.setting.option)),
            "PYTHONPATH": str(DRIVERS),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "TMPDIR": str(temporary),
            "PARALLEL_HOME": str(temporary),
        }

    @property
    def driver(self) -> subprocess.Popen[bytes]:
        """The process that was started last."""
        if self.process is None:
            raise RuntimeError("the session was not started")
        return self.process

    def wait_for(self, what: str, condition: Callable[[], Any], pause: float = 0.005) -> Any:
        """The condition's first true value. NotInflicted when the driver ends first or time runs out."""
        until = time.monotonic() + max(self.limit, SLOWEST_START)
        while time.monotonic() < until and not self.stop.is_set():
            value = condition()
            if value:
                return value
            if self.driver.poll() is not None:
                raise NotInflicted(f"the driver ended before {what}")
            time.sleep(pause)
        raise NotInflicted(f"there was no {what} in time")

    def wait_end(self, until: float) -> int | None:
        """The driver's exit status, or None if it is still there at that time."""
        while self.driver.poll() is None and time.time() < until and not self.stop.is_set():
            time.sleep(0.01)
        return self.driver.poll()

    def events(self) -> list[Event]:
        """The log so far; a last line that is not yet whole is left out."""
        try:
            text = (self.folder / "log.jsonl").read_text()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def kill_driver(self) -> None:
        """SIGKILL the supervising process, and it alone."""
        processes.send(self.driver.pid, signal.SIGKILL)
        self.driver.wait()

    def alive_of_run(self, run: int) -> list[int]:
        """The living processes of the first or second start, but for Python's resource trackers."""
        pids = processes.marked(f"{self.mark}.{run}.")
        return [pid for pid in pids if not processes.is_resource_tracker(pid)]

    def end(self) -> None:
        """Kill all that is left and remove the folder."""
        if self.process is not None:
            processes.end_all(self.mark)
            self.process.wait()
        for reader in self.unread:
            os.close(reader)
        shutil.rmtree(self.folder, ignore_errors=True)


def _drain(reader: int) -> None:
    """Read a pipe to its end."""
    while os.read(reader, 1 << 20):
        pass
    os.close(reader)


def python_driver(name: str) -> list[str]:
    """The command that starts one of our drivers with the Python that runs the harness."""
    return [sys.executable, str(DRIVERS / f"{name}.py")]
