"""Looking at processes through /proc, and ending them by pid.

Every process of a case carries a mark in its environment, so that it is found again whatever happened to
its parent, process group or session.
"""

from __future__ import annotations

import ctypes
import os
import signal
import time
from pathlib import Path

MARK = "PEERS_MARK"
PR_SET_CHILD_SUBREAPER = 36
READ, WRITE, POLL = 0, 1, 7  # x86-64 system calls
CLOCK_NANOSLEEP = 230
BIG = 256 * 1024


def adopt_orphans() -> None:
    """Make this process the parent of every orphan among its descendants, so that it can reap them."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def _read(path: str) -> bytes:
    """The bytes of a file in /proc; none when the process is gone."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat from the state on; empty when the process is gone."""
    return _read(f"/proc/{pid}/stat").decode(errors="replace").rpartition(")")[2].split()


def alive(pid: int) -> bool:
    """Whether the process exists and is no zombie."""
    fields = _stat(pid)
    return bool(fields) and fields[0] not in "ZX"


def marked(mark: str) -> list[int]:
    """The living processes whose environment has the mark, as it was when they were started."""
    wanted = f"{MARK}={mark}".encode()
    pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
    return [pid for pid in pids if alive(pid) and _has_mark(pid, wanted)]


def _has_mark(pid: int, wanted: bytes) -> bool:
    """Whether one variable of the process begins with the mark."""
    return any(entry.startswith(wanted) for entry in _read(f"/proc/{pid}/environ").split(b"\0"))


def is_resource_tracker(pid: int) -> bool:
    """Whether this is the helper of Python that removes semaphores when everybody else is gone."""
    return b"resource_tracker" in _read(f"/proc/{pid}/cmdline")


def send(pid: int, number: signal.Signals) -> None:
    """Signal a process that may be gone."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def reap_all() -> None:
    """Take away the zombies of orphans. Only for when no Popen object waits for a child any more."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        pass  # none is left


def end_all(mark: str) -> None:
    """SIGKILL everything with the mark until nothing is left.

    Resource trackers die last, and by themselves if they can: they remove semaphores from /dev/shm.
    """
    patience = time.monotonic() + 2
    while pids := marked(mark):
        for pid in pids:
            if time.monotonic() > patience or not is_resource_tracker(pid):
                send(pid, signal.SIGKILL)
        time.sleep(0.01)


def system_call(pid: int) -> tuple[int, int] | None:
    """The system call in which the main thread waits and its third argument; None while it runs."""
    words = _read(f"/proc/{pid}/syscall").split()
    if len(words) < 4 or not words[0].lstrip(b"-").isdigit():
        return None
    return int(words[0]), int(words[3], 16)


def bytes_written(pid: int) -> int:
    """How many bytes the process has handed to write(2)."""
    for line in _read(f"/proc/{pid}/io").splitlines():
        if line.startswith(b"wchar:"):
            return int(line.split()[1])
    return 0


def in_transit(pid: int) -> int:
    """The bytes that wait in the TCP connections of a process: its own queues and those of the far ends."""
    inodes = _socket_inodes(pid)
    rows = [line.split() for line in _read(f"/proc/{pid}/net/tcp").splitlines()[1:]]
    queues = {(row[1], row[2]): [int(part, 16) for part in row[4].split(b":")] for row in rows}
    total = 0
    for row in rows:
        if row[9] in inodes:
            sent, _ = queues[row[1], row[2]]
            total += sent + queues.get((row[2], row[1]), [0, 0])[1]
    return total


def _socket_inodes(pid: int) -> set[bytes]:
    """The inode numbers of the sockets that a process has open."""
    inodes: set[bytes] = set()
    try:
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            target = os.readlink(entry)
            if target.startswith("socket:["):
                inodes.add(target[8:-1].encode())
    except OSError:
        pass  # the process, or one of its descriptors, is gone
    return inodes


def writes_big(pid: int, channel: str) -> bool:
    """Whether the process is in the middle of handing over something big.

    The sign depends on the channel: it waits in one big write(2) (pipe), much waits in its TCP connections
    (tcp), or it has already written much with small calls (file).
    """
    if channel == "tcp":
        return in_transit(pid) > BIG
    if channel == "file":
        return bytes_written(pid) > BIG
    call = system_call(pid)
    return call is not None and call[0] == WRITE and call[1] > BIG
