"""Lines of JSON over two descriptors.

The descriptors are used raw: a buffered file costs more than the rest of a message. `send` may be
called from several threads (a world may report its progress from any), `receive` from one.
"""

from __future__ import annotations

import fcntl
import json
import os
import stat
import threading
from typing import Any, Dict, List, Optional

READ_FROM = 3
WRITE_TO = 4
_CHUNK = 1 << 16

_decode = json.JSONDecoder().decode
# Text is sent as UTF-8 and not in escapes: those of a lone surrogate would be no JSON.
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def message_line(message: Dict[str, Any]) -> bytes:
    """A message as one line. Characters that UTF-8 does not have become question marks."""
    return _encode(message).encode("utf-8", "replace") + b"\n"


class Connection:
    """Both directions of a conversation; it owns the two descriptors."""

    __slots__ = ("lock", "_read_from", "_write_to", "_lines", "_rest")

    def __init__(self, read_from: int, write_to: int) -> None:
        self._read_from = read_from
        self._write_to = write_to
        self._lines: List[bytes] = []  # complete ones, the next one last
        self._rest: List[bytes] = []  # of a line whose end has not been read
        self.lock = threading.Lock()  # for who sends only if it is still true what it sends
        for descriptor in (read_from, write_to):
            os.set_inheritable(descriptor, False)  # programs that a world starts get none of it
            os.set_blocking(descriptor, True)
        os.register_at_fork(after_in_child=self._leave)

    def receive(self) -> Optional[Dict[str, Any]]:
        """The next message, or None when there are no more."""
        while not self._lines:
            if self._read_from < 0:
                os._exit(0)  # a forked child has come back from the world function: it is done
            chunk = os.read(self._read_from, _CHUNK)
            if not chunk:
                return None
            lines = chunk.split(b"\n")
            self._rest.append(lines[0])
            if len(lines) > 1:
                lines[0] = b"".join(self._rest)
                self._rest = [lines.pop()]
                lines.reverse()
                self._lines = lines
        message = _decode(self._lines.pop().decode())
        if not isinstance(message, dict):
            raise ValueError(f"a message is a JSON object, not {message!r}")
        return message

    def send(self, line: bytes) -> None:
        """Write one line. Ends the program where nobody is left to read it."""
        descriptor = self._write_to
        if descriptor < 0:
            return
        try:
            written = os.write(descriptor, line)
            while written < len(line):
                written += os.write(descriptor, memoryview(line)[written:])
        except BrokenPipeError:
            raise SystemExit(1) from None

    @property
    def left(self) -> bool:
        """Whether this is a forked child, which takes no part."""
        return self._write_to < 0

    def _leave(self) -> None:
        """In a forked child: it takes no part in the conversation."""
        os.close(self._read_from)
        os.close(self._write_to)
        self._read_from = self._write_to = -1
        self._lines = []
        self.lock = threading.Lock()  # its holder may have stayed behind


def are_pipes() -> bool:
    """Whether descriptors 3 and 4 are what joust gives to a program."""
    return _is_pipe(READ_FROM, os.O_RDONLY) and _is_pipe(WRITE_TO, os.O_WRONLY)


def _is_pipe(descriptor: int, access: int) -> bool:
    try:
        mode = os.fstat(descriptor).st_mode
        flags = fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE
    except OSError:
        return False
    return (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)) and flags in (access, os.O_RDWR)
