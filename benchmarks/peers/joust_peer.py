"""joust among its peers: the chaos world, told what to do by a spec, watched through the run directory."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import processes
from drivers import tasks
from peer import Peer, Record
from session import Event, Session

# 2 competitors in both seatings, 8 configurations: 16 worlds.
SPEC = """[tournament]
name = "chaos"
seed = 1
configs = 8
[world]
name = "chaos"
[world.parameters]
script = {script}
[[competitor]]
type = "Any"
name = "Ann"
[[competitor]]
type = "Any"
name = "Bob"
"""
FIRST = f"task={tasks.VICTIM} attempt=1"
# The state of the slots is written once a second: a world must last longer to be seen.
DEEDS: dict[str, list[str]] = {
    "nothing": [],
    "compute": [f"spin for={tasks.LONGEST:.0f}s {FIRST}"],
    "exit": [f"sleep for=3s {FIRST}", f"exit code=0 {FIRST}"],
    "flood": [f"print size={tasks.FLOOD}B {FIRST}"],
    "big": [f"sleep for=3s {FIRST}", f"result task={tasks.VICTIM} size={tasks.BIG_RESULT}B"],
}
LONG_WORLD = [f"sleep for=4s {FIRST}"]  # in the last seconds of which the other worker is idle


class Joust(Peer):
    """The binary to be measured."""

    name = "joust"
    brought_by = "cmake --preset release && cmake --build --preset release"
    skips = {"recycle": "no such option"}

    def __init__(self, binary: Path) -> None:
        self.binary = binary.resolve()

    def version(self) -> str | None:
        """As the binary tells."""
        if not self.binary.is_file():
            return None
        return self._run("--version").strip()

    def _run(self, *arguments: str) -> str:
        """What a short call of joust prints."""
        done = subprocess.run(
            [self.binary, *arguments], capture_output=True, text=True, check=False
        )
        return done.stdout

    def start(self, session: Session) -> None:
        """Run a fresh tournament, or resume it."""
        if session.runs > 0:
            session.start([str(self.binary), "resume", "run"], "stdout")
            return
        script = (
            list(LONG_WORLD) if session.setting.batches == 2 else list(DEEDS[session.setting.deed])
        )
        script.append(f"sleep for={tasks.TASK_SECONDS * 1000:.0f}ms")
        (session.folder / "spec.toml").write_text(SPEC.format(script=json.dumps(script)))
        command = [
            str(self.binary),
            "run",
            "spec.toml",
            "--out",
            "run",
            "--workers",
            str(tasks.WORKERS),
        ]
        session.start(command, "stdout")

    def victim(self, session: Session) -> int:
        """The worker of the slot that plays the victim."""
        return self._worker(session, lambda slot: slot["task"] == tasks.VICTIM)

    def idle_worker(self, session: Session) -> int:
        """The worker that is left without work while the other plays the last, long world."""
        session.wait_for("last world", lambda: self.done(session) == tasks.TASKS - 1, pause=0.05)
        return self._worker(session, lambda slot: slot["state"] == "idle")

    def _worker(self, session: Session, wanted: Any) -> int:
        """The process of a slot, as status.json and the events tell."""

        def find() -> int | None:
            slots = _json(session.folder / "run" / "status.json").get("slots", [])
            found = next((slot for slot in slots if wanted(slot)), None)
            return None if found is None else _started(session).get((found["slot"], found["epoch"]))

        pid: int = session.wait_for("worker", find)
        return pid

    def workers(self, session: Session) -> list[int]:
        """All that the events tell of and that are alive."""
        return [pid for pid in _started(session).values() if processes.alive(pid)]

    def computing(self, session: Session) -> list[int]:
        """The workers whose world sleeps, which is all that worlds do here."""
        calls = {pid: processes.system_call(pid) for pid in self.workers(session)}
        return [pid for pid, call in calls.items() if call and call[0] == processes.CLOCK_NANOSLEEP]

    def done(self, session: Session) -> int:
        """The worlds that are in the journal."""
        told = self._run("report", str(session.folder / "run"), "--format", "json")
        return int(json.loads(told)["done"]) if told else 0

    def struck_at(self, session: Session) -> float:
        """When the victim's process was gone; for the flood, when the run began."""
        if session.setting.deed == "exit":
            pid = self.victim(session)
            session.wait_for("exit", lambda: not processes.alive(pid), pause=0.0005)
        return time.time()

    def kill_writing(self, session: Session) -> float:
        """Stop the supervisor until the worker has filled its ring and waits, half-way through the result.

        60 MB are through the ring within some milliseconds: too soon to be caught from outside.
        """
        pid = self.victim(session)
        processes.send(session.driver.pid, signal.SIGSTOP)
        session.wait_for("full ring", lambda: _waits(pid))
        now = time.time()
        processes.send(pid, signal.SIGKILL)
        processes.send(session.driver.pid, signal.SIGCONT)
        return now

    def record(self, session: Session, since: float) -> Record:
        """The journal's count, and the first death or failure among the events, cut to milliseconds."""
        events = _events(session)
        signs = [
            (e["at"] + 1) / 1000 for e in events if e["event"] in ("worker_lost", "attempt_failed")
        ]
        return Record(
            got=self.done(session),
            noticed=min((at for at in signs if at >= since), default=None),
            unharmed=not any(
                e["event"] == "attempt_failed" and e["task"] == tasks.VICTIM for e in events
            ),
        )

    def played_again(self, session: Session, killed_at: float, done: int) -> int:
        """The worlds that were in the journal before the kill and are not when the second session starts."""
        starts = [e for e in _events(session) if e["event"] == "session_started"]
        return max(0, done - int(starts[-1]["worlds_done"]))


def _waits(pid: int) -> bool:
    """Whether the worker waits for its bell: its world is over, and the ring is full."""
    call = processes.system_call(pid)
    return call is not None and call[0] == processes.READ


def _json(path: Path) -> Event:
    """A file of joust's; empty when it is not there yet."""
    try:
        value: Event = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return value


def _events(session: Session) -> list[Event]:
    """The events of the run so far."""
    path = session.folder / "run" / "events.jsonl"
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]


def _started(session: Session) -> dict[tuple[int, int], int]:
    """The process of each slot and epoch."""
    return {
        (e["slot"], e["epoch"]): e["pid"]
        for e in _events(session)
        if e["event"] == "worker_started"
    }
