"""The other side of the protocol, for `joust.check`: starts a program and speaks to it as joust does."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import tempfile
import time
from types import TracebackType
from typing import Any, Dict, IO, List, Mapping, Optional, Tuple, Type

from ._stacks import NAME
from ._wire import READ_FROM, WRITE_TO, message_line

_MAX_OUTPUT = 1 << 16


class ProgramFailed(Exception):
    """The program ended, was silent for too long, or did not speak the protocol."""


class Program:
    """A running program with its two pipes. Leaving the `with` block ends it."""

    def __init__(self, command: List[str], environment: Mapping[str, str]) -> None:
        self._output: IO[bytes] = tempfile.TemporaryFile()
        read_from, self._write_to = _pipe()
        self._read_from, write_to = _pipe()
        try:
            self._pid = os.posix_spawnp(
                command[0],
                command,
                environment,
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_DUP2, self._output.fileno(), 1),
                    (os.POSIX_SPAWN_DUP2, self._output.fileno(), 2),
                    (os.POSIX_SPAWN_DUP2, read_from, READ_FROM),
                    (os.POSIX_SPAWN_DUP2, write_to, WRITE_TO),
                ],
            )
        finally:
            os.close(read_from)
            os.close(write_to)
        self._pending = bytearray()
        self._ending: Optional[str] = None

    def __enter__(self) -> "Program":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        os.close(self._write_to)
        os.close(self._read_from)
        self._end(within=1.0)
        self._output.close()

    def send(self, message: Dict[str, Any]) -> None:
        """Write one message."""
        line = memoryview(message_line(message))
        try:
            while line:
                line = line[os.write(self._write_to, line) :]
        except BrokenPipeError:
            raise ProgramFailed(f"the program {self._end(within=1.0)}") from None

    def receive(self, deadline: float) -> Tuple[Dict[str, Any], bytes]:
        """The next message and the line it was; progress is passed over."""
        while True:
            line = self._line(deadline)
            try:
                message = json.loads(line)
                kind = message["type"]
            except (ValueError, KeyError, TypeError):
                raise ProgramFailed(f"the program wrote what is no message: {line[:200]!r}") from None
            if kind != "progress":
                return message, line

    def output(self) -> str:
        """The end of what the program has printed so far."""
        size = os.fstat(self._output.fileno()).st_size
        start = max(0, size - _MAX_OUTPUT)
        return os.pread(self._output.fileno(), size - start, start).decode("utf-8", "replace")

    def stacks(self, deadline: float) -> str:
        """What all threads are doing, if the program can tell before the deadline."""
        file = self._stack_file()
        if file is None:
            return ""
        os.kill(self._pid, signal.SIGUSR2)
        text = ""
        while time.monotonic() < deadline:
            with open(file, encoding="utf-8", errors="replace") as stacks:
                before, text = text, stacks.read()
            if text and text == before:
                break
            time.sleep(0.01)
        return text

    def _stack_file(self) -> Optional[str]:
        folder = f"/proc/{self._pid}/fd"
        try:
            for name in os.listdir(folder):
                if os.readlink(f"{folder}/{name}").startswith(f"/memfd:{NAME}"):
                    return f"{folder}/{name}"
        except OSError:
            pass  # it is ending, or there is no /proc
        return None

    def _line(self, deadline: float) -> bytes:
        searched = 0
        while self._pending.find(b"\n", searched) < 0:
            searched = len(self._pending)
            wait = max(0.0, deadline - time.monotonic())
            if not select.select([self._read_from], [], [], wait)[0]:
                raise TimeoutError
            chunk = os.read(self._read_from, 1 << 16)
            if not chunk:
                raise ProgramFailed(f"the program {self._end(within=1.0)}")
            self._pending += chunk
        line, _, self._pending = self._pending.partition(b"\n")
        return bytes(line)

    def _end(self, within: float) -> str:
        """Wait for the program, or kill it. How it ended."""
        deadline = time.monotonic() + within
        while self._ending is None:
            done, status = os.waitpid(self._pid, os.WNOHANG)
            if done:
                self._ending = _ending(status)
            elif time.monotonic() > deadline:
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
                self._ending = "closed its descriptors and went on running"
            else:
                time.sleep(0.002)
        return self._ending


def _ending(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"was ended by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended with exit code {os.WEXITSTATUS(status)}"


def _pipe() -> Tuple[int, int]:
    """A pipe whose descriptors are in nobody's way when 3 and 4 are set up."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
