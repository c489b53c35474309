"""What the harness knows of a peer, and what is common to those whose tasks write the log."""

from __future__ import annotations

import signal
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

import processes
from drivers import tasks
from session import Event, Session


@dataclass(frozen=True)
class Record:
    """What came out of a case, as the peer told it."""

    got: int  # different tasks whose results arrived
    errors: list[str] = field(default_factory=list)  # the exceptions that the driver saw, in order
    noticed: float | None = None  # when it first told, or without a word put things right
    unharmed: bool = False  # the victim's first attempt gave a result


class Peer(ABC):
    """A way to play tasks on worker processes."""

    name: str
    brought_by: str  # where it comes from, should it be missing
    option: str | None = (
        None  # its own safeguard, in words; None when there is none or it is always on
    )
    skips: dict[str, str] = {}  # cases that do not apply, and why

    @abstractmethod
    def version(self) -> str | None:
        """Name and version; None when it is not installed."""

    @abstractmethod
    def start(self, session: Session) -> None:
        """Start playing, or go on in the same folder."""

    @abstractmethod
    def victim(self, session: Session) -> int:
        """The worker that plays the victim."""

    @abstractmethod
    def idle_worker(self, session: Session) -> int:
        """A worker that has nothing to do."""

    @abstractmethod
    def workers(self, session: Session) -> list[int]:
        """All living workers."""

    @abstractmethod
    def computing(self, session: Session) -> list[int]:
        """The workers that play a task, and not just its end."""

    @abstractmethod
    def done(self, session: Session) -> int:
        """How many tasks were played to their end."""

    @abstractmethod
    def struck_at(self, session: Session) -> float:
        """When the victim harmed itself."""

    @abstractmethod
    def kill_writing(self, session: Session) -> float:
        """SIGKILL the victim while it hands over its big result. When that was."""

    @abstractmethod
    def record(self, session: Session, since: float) -> Record:
        """What has come out, with the first sign of notice after a time."""

    @abstractmethod
    def played_again(self, session: Session, killed_at: float, done: int) -> int:
        """How many of the tasks done before the supervisor was killed were played again."""


class LoggingPeer(Peer):
    """A peer whose tasks and driver write the log of tasks.py."""

    channel = "pipe"  # on which a worker sends its result: pipe, tcp or file

    def victim(self, session: Session) -> int:
        """The process that logged that it is the victim."""
        return int(self._first(session, "victim")["pid"])

    def struck_at(self, session: Session) -> float:
        """The victim logs that it is about to."""
        return float(self._first(session, "victim")["at"])

    def _first(self, session: Session, event: str) -> Event:
        """The first event of that name, waited for."""
        event_found: Event = session.wait_for(
            event, lambda: next((e for e in session.events() if e["event"] == event), None)
        )
        return event_found

    def idle_worker(self, session: Session) -> int:
        """Between the halves: the worker that waits for the pipe, not the one that waits for the lock."""
        self._first(session, "idle")
        time.sleep(0.3)  # for the workers to come to rest
        pids = self.workers(session)
        calls = {pid: processes.system_call(pid) for pid in pids}
        reading = [
            pid
            for pid, call in calls.items()
            if call and call[0] in (processes.READ, processes.POLL)
        ]
        return (reading or pids)[0]

    def workers(self, session: Session) -> list[int]:
        """The living processes in which tasks have begun."""
        begun = dict.fromkeys(e["pid"] for e in session.events() if e["event"] == "begin")
        return [pid for pid in begun if processes.alive(pid)]

    def computing(self, session: Session) -> list[int]:
        """The processes whose last task has begun, has not ended and has some time to go."""
        last = {e["pid"]: e for e in session.events() if e["event"] in ("begin", "end")}
        recent = time.time() - 0.8 * tasks.TASK_SECONDS
        return [pid for pid, e in last.items() if e["event"] == "begin" and e["at"] > recent]

    def done(self, session: Session) -> int:
        """The tasks that have logged their end."""
        return len({e["task"] for e in session.events() if e["event"] == "end"})

    def kill_writing(self, session: Session) -> float:
        """Watch the victim closely and strike as soon as the result is on its way."""
        pid = self.victim(session)
        session.wait_for("writing", lambda: processes.writes_big(pid, self.channel), pause=0)
        now = time.time()
        processes.send(pid, signal.SIGKILL)
        return now

    def record(self, session: Session, since: float) -> Record:
        """Results and errors of the last start, from the log."""
        events = session.events()
        arrived = [e for e in events if e["event"] == "result" and e["run"] == session.runs]
        errors = [e for e in events if e["event"] == "error" and e["run"] == session.runs]
        signs = [e["at"] for e in errors if e["at"] >= since] or _recoveries(events, since)
        return Record(
            got=len({e["task"] for e in arrived}),
            errors=[e["what"] for e in errors],
            noticed=min(signs, default=None),
            unharmed=any(e["task"] == tasks.VICTIM and e["attempt"] == 1 for e in arrived),
        )

    def played_again(self, session: Session, killed_at: float, done: int) -> int:
        """The tasks that had logged their end before the kill and began after the restart."""
        events = session.events()
        before = {e["task"] for e in events if e["event"] == "end" and e["at"] <= killed_at}
        return len(before & {e["task"] for e in events if e["event"] == "begin" and e["run"] > 1})


def _recoveries(events: list[Event], since: float) -> list[float]:
    """When tasks began in new workers, or the victim began again."""
    begun = [e for e in events if e["event"] == "begin"]
    known = {e["pid"] for e in begun if e["at"] < since}
    return [
        e["at"]
        for e in begun
        if e["at"] >= since
        and (e["pid"] not in known or (e["task"], e["attempt"]) == (tasks.VICTIM, 2))
    ]
