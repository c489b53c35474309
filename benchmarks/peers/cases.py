"""The misfortunes, how each is brought about, and what is made of the outcome."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import processes
from drivers import tasks
from peer import Peer, Record
from session import NotInflicted, Session, Setting

TRIES = 5  # should a kill come a moment too late
REST = 3.0  # seconds between the supervisor's death and the look at who is left


@dataclass(frozen=True)
class Outcome:
    """One cell of the table."""

    peer: str
    case: str
    verdict: str  # finished, lost, hung, skipped or failed (to bring it about)
    got: int = 0
    seconds: float | None = None  # from the misfortune to the first sign that the peer knew
    why: str = ""  # the exception or exit status, or the reason for a skip or a failure
    again: int | None = None  # kill-supervisor: tasks played again ...
    done: int | None = None  # ... of so many that were done
    left: int | None = None  # ... and processes that outlived their supervisor


@dataclass(frozen=True)
class Case:
    """A misfortune: what the tasks are told, and what the harness does to the workers."""

    name: str
    title: str
    setting: Setting
    inflict: Callable[[Peer, Session], float]
    notices: bool = True  # whether there is something to notice


def _kill_idle(peer: Peer, session: Session) -> float:
    """SIGKILL an idle worker; half a second later there is work again."""
    pid = peer.idle_worker(session)
    now = _strike([pid], signal.SIGKILL)
    time.sleep(0.5)
    (session.folder / "go").touch()
    return now


def _kill_computing(peer: Peer, session: Session) -> float:
    """SIGKILL the worker that plays the victim."""
    return _strike([peer.victim(session)], signal.SIGKILL)


def _stop(peer: Peer, session: Session) -> float:
    """SIGSTOP the worker that plays the victim."""
    return _strike([peer.victim(session)], signal.SIGSTOP)


def _kill_all(peer: Peer, session: Session) -> float:
    """SIGKILL every worker once some tasks are done, while each plays one."""
    session.wait_for("some results", lambda: peer.done(session) >= 4, pause=0.02)
    return _strike(_all_at_work(peer, session), signal.SIGKILL)


def _all_at_work(peer: Peer, session: Session) -> list[int]:
    """The workers, at a moment when each plays a task."""

    def find() -> list[int]:
        pids = peer.computing(session)
        return pids if len(pids) == tasks.WORKERS else []

    pids: list[int] = session.wait_for("all at work", find)
    return pids


def _strike(pids: list[int], number: signal.Signals) -> float:
    """Signal the processes; the time just before."""
    if not pids:
        raise NotInflicted("there is no worker")
    now = time.time()
    for pid in pids:
        processes.send(pid, number)
    return now


def _by_itself(peer: Peer, session: Session) -> float:
    """The victim harms itself."""
    return peer.struck_at(session)


def _from_the_start(peer: Peer, session: Session) -> float:
    """Nothing is done from outside."""
    return time.time()


CASES = [
    Case("kill-idle", "SIGKILL, idle", Setting(batches=2), _kill_idle),
    Case("kill-computing", "SIGKILL, computing", Setting(deed="compute"), _kill_computing),
    Case(
        "kill-writing",
        "SIGKILL, writing 60 MB",
        Setting(deed="big"),
        lambda p, s: p.kill_writing(s),
    ),
    Case("kill-all", "SIGKILL, all workers", Setting(), _kill_all),
    Case("stop", "SIGSTOP, computing", Setting(deed="compute"), _stop),
    Case("exit", "exit(0) in a task", Setting(deed="exit"), _by_itself),
    Case(
        "recycle", "recycled after 2 tasks", Setting(recycle=True), _from_the_start, notices=False
    ),
    Case(
        "flood-read",
        "100 MB on stdout, read",
        Setting(deed="flood", stdout="read"),
        _by_itself,
        notices=False,
    ),
    Case(
        "flood-unread",
        "100 MB on stdout, unread",
        Setting(deed="flood", stdout="unread"),
        _by_itself,
        notices=False,
    ),
    Case("kill-supervisor", "SIGKILL, supervisor", Setting(), _from_the_start),
]


def play(peer: Peer, case: Case, option: bool, limit: float, stop: threading.Event) -> Outcome:
    """Play one case on one peer, again if the kill came too late, and leave nothing behind."""
    name = f"{peer.name}, {peer.option}" if option else peer.name
    if case.name in peer.skips:
        return Outcome(name, case.name, "skipped", why=peer.skips[case.name])
    outcome = Outcome(name, case.name, "failed", why=f"the kill came too late {TRIES} times")
    setting = replace(case.setting, option=option)
    for _ in range(TRIES):
        session = Session(setting, limit, stop)
        try:
            judge = _judge_restart if case.name == "kill-supervisor" else _judge
            judged = judge(peer, case, session, name)
        except NotInflicted as reason:
            judged = Outcome(name, case.name, "failed", why=str(reason))
        finally:
            session.end()
        if judged is not None:
            return judged
    return outcome


def _judge(peer: Peer, case: Case, session: Session, name: str) -> Outcome | None:
    """Play the case; None when the victim got away."""
    peer.start(session)
    struck = case.inflict(peer, session)
    status = session.wait_end(struck + session.limit)
    record = peer.record(session, struck)
    if case.name == "kill-writing" and record.unharmed:
        return None
    seconds = record.noticed - struck if case.notices and record.noticed is not None else None
    return Outcome(
        name,
        case.name,
        _verdict(status, record),
        got=record.got,
        seconds=None if seconds is None else round(max(0.0, seconds), 4),
        why=_why(status, record),
    )


def _verdict(status: int | None, record: Record) -> str:
    """One word for the outcome."""
    if status is None:
        return "hung"
    return "finished" if record.got == tasks.TASKS else "lost"


def _why(status: int | None, record: Record) -> str:
    """What the peer said: its exceptions, or else its exit status."""
    if record.errors:
        return ", ".join(dict.fromkeys(record.errors))
    return f"exit status {status}" if status else ""


def _judge_restart(peer: Peer, case: Case, session: Session, name: str) -> Outcome:
    """Kill the supervisor, look who is left, start again in the same folder."""
    peer.start(session)
    done: int = session.wait_for(
        "some results", lambda: _at_least(peer.done(session), 6), pause=0.02
    )
    _all_at_work(peer, session)
    time.sleep(
        tasks.TASK_SECONDS / 5
    )  # those that have just ended may still be on their way into a log
    killed_at = time.time()
    session.kill_driver()
    time.sleep(REST)
    left = len(session.alive_of_run(1))
    peer.start(session)
    status = session.wait_end(time.time() + session.limit)
    record = peer.record(session, killed_at)
    again = peer.played_again(session, killed_at, done)
    verdict = _verdict(status, record)
    why = _why(status, record)
    return Outcome(
        name, case.name, verdict, got=record.got, why=why, again=again, done=done, left=left
    )


def _at_least(number: int, wanted: int) -> int:
    """The number once it is big enough, else 0."""
    return number if number >= wanted else 0
