"""The tasks that every peer plays, and the misfortune that befalls one of them, once.

What is wanted comes in the environment, which all peers hand to their workers. Everything that happens is a
line of JSON in the log, appended by one write(2) each: it survives whoever wrote it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TASKS = 16
WORKERS = 2
VICTIM = 5  # the task that meets the misfortune
TASK_SECONDS = 0.1
BIG_RESULT = 60_000_000
FLOOD = 100_000_000
TIMEOUT = 5.0  # of the rows that use a peer's time-out
RECYCLE_AFTER = 2  # tasks, in the case "recycle"
LONGEST = 120.0  # no task spins for longer than this, should nobody end it


@dataclass(frozen=True)
class Result:
    """What a task hands back."""

    task: int
    attempt: int
    payload: bytes = b""


def folder() -> Path:
    """The scratch folder of this case."""
    return Path(os.environ["PEERS_FOLDER"])


def deed() -> str:
    """What the victim does at its first attempt: nothing, compute, big, exit or flood."""
    return os.environ["PEERS_DEED"]


def log(event: str, **facts: Any) -> None:
    """Append one line to the log of the case."""
    run = int(os.environ["PEERS_RUN"])
    line = (
        json.dumps({"event": event, "run": run, "pid": os.getpid(), "at": time.time(), **facts})
        + "\n"
    )
    descriptor = os.open(folder() / "log.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(descriptor, line.encode())
    os.close(descriptor)


def play(task: int) -> Result:
    """Play a task: a short sleep, and for the victim its misfortune first."""
    attempt = _next_attempt(task)
    log("begin", task=task, attempt=attempt)
    payload = b""
    if task == VICTIM and attempt == 1 and deed() != "nothing":
        log("victim", task=task)
        payload = _misfortune(deed())
    else:
        time.sleep(TASK_SECONDS)
    log("end", task=task, attempt=attempt)
    return Result(task, attempt, payload)


def _next_attempt(task: int) -> int:
    """1 when the task is played for the first time in this case, 2 for the second, and so on."""
    for attempt in range(1, 1000):
        try:
            os.close(os.open(folder() / f"attempt.{task}.{attempt}", os.O_CREAT | os.O_EXCL))
            return attempt
        except FileExistsError:
            continue
    raise RuntimeError(f"task {task} was played 999 times")


def _misfortune(what: str) -> bytes:
    """Do the deed; returns the payload of the task if it survives."""
    if what == "compute":
        _spin(LONGEST)
    elif what == "exit":
        os._exit(0)
    elif what == "flood":
        _flood()
    elif what == "big":
        time.sleep(2 * TASK_SECONDS)
        return b"x" * BIG_RESULT
    return b""


def _spin(seconds: float) -> None:
    """Use a core."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


def _flood() -> None:
    """Print far more than a pipe holds."""
    block = (b"." * 79 + b"\n") * 800
    for _ in range(FLOOD // len(block)):
        write_all(1, block)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of it, in pieces such as the C library makes."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view[:65536]) :]


def batches() -> Iterator[list[int]]:
    """All tasks at once; or two halves, the second when the harness has struck the idle pool."""
    if os.environ["PEERS_BATCHES"] == "1":
        yield list(range(TASKS))
        return
    yield list(range(TASKS // 2))
    log("idle")
    while not (folder() / "go").exists():
        time.sleep(0.01)
    yield list(range(TASKS // 2, TASKS))


def option() -> bool:
    """Whether this is the row in which the peer's own safeguard is switched on."""
    return os.environ["PEERS_OPTION"] == "1"


def recycles() -> bool:
    """Whether workers are to be replaced after some tasks."""
    return os.environ["PEERS_RECYCLE"] == "1"


def run(main: Callable[[], None]) -> None:
    """Run a driver, and log the exception that ends it."""
    try:
        main()
    except Exception as error:  # whatever a peer throws is what the table is about
        log_error(error)
        raise


def log_error(error: Exception) -> None:
    """Log an exception that the driver saw."""
    log("error", what=type(error).__name__, text=str(error)[:200])


def collect(wait: Callable[[], Result]) -> None:
    """Wait for one result and log it, or the exception that came instead."""
    try:
        keep(wait())
    except Exception as error:
        log_error(error)


def keep(result: Result) -> None:
    """Log a result that has arrived."""
    log("result", task=result.task, attempt=result.attempt, size=len(result.payload))
