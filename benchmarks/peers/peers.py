"""The peers, as their documentation shows them; what each driver does is in drivers/."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import platform
import shutil
import subprocess

from drivers import tasks
from peer import LoggingPeer, Record
from session import Event, Session, python_driver


class Library(LoggingPeer):
    """A Python library, used by one of our drivers."""

    module: str
    driver: str

    def version(self) -> str | None:
        """As the installed package tells."""
        if importlib.util.find_spec(self.module) is None:
            return None
        return f"{self.module} {importlib.metadata.version(self.module)}"

    def start(self, session: Session) -> None:
        """Start the driver; a restart is the same command."""
        session.start(python_driver(self.driver), "stdout")


class Standard(Library):
    """A module of Python itself."""

    brought_by = "python3"

    def version(self) -> str | None:
        """It comes with Python."""
        return f"CPython {platform.python_version()}"


class Executor(Standard):
    """concurrent.futures.ProcessPoolExecutor."""

    name = "ProcessPoolExecutor"
    option = "future.result(timeout=5)"
    module, driver = "concurrent.futures", "executor"


class Pool(Standard):
    """multiprocessing.Pool."""

    name = "multiprocessing.Pool"
    option = "apply_async(...).get(timeout=5)"
    module, driver = "multiprocessing", "pool"


class Loky(Library):
    """joblib with loky."""

    name = "joblib (loky)"
    brought_by = "apt-get install python3-joblib"
    option = "Parallel(timeout=5)"
    module, driver = "joblib", "joblib_loky"
    skips = {"recycle": "no such option"}

    def version(self) -> str | None:
        """joblib's, and that of the loky inside."""
        own = super().version()
        if own is None:
            return None
        from joblib.externals import loky

        return f"{own} (loky {loky.__version__})"


class Pebble(Library):
    """pebble.ProcessPool."""

    name = "pebble"
    brought_by = "apt-get install python3-pebble"
    option = "schedule(timeout=5)"
    module, driver = "pebble", "pebble_pool"


class Dask(Library):
    """dask.distributed's LocalCluster."""

    name = "dask.distributed"
    brought_by = "apt-get install python3-distributed"
    option = "worker-ttl: 5s"
    module, driver = "distributed", "dask_cluster"
    channel = "tcp"
    skips = {"recycle": "by time, not by tasks"}


class Parallel(LoggingPeer):
    """GNU parallel: one process for each task; its standard output carries the results."""

    name = "GNU parallel"
    brought_by = "apt-get install parallel"
    option = "--timeout 5 --retries 3"
    channel = "file"
    skips = {"kill-idle": "no idle workers: one process per job"}

    def version(self) -> str | None:
        """Another program of the same name, of the package moreutils, does not count."""
        if shutil.which("parallel") is None:
            return None
        told = subprocess.run(
            ["parallel", "--version"], capture_output=True, text=True, check=False
        ).stdout
        return told.splitlines()[0] if told.startswith("GNU parallel") else None

    def start(self, session: Session) -> None:
        """With a job log, which also lets a restart go on."""
        command = [
            "parallel",
            "--will-cite",
            "-j",
            str(tasks.WORKERS),
            "--joblog",
            "joblog",
            "--resume",
        ]
        if session.setting.option:
            command += ["--timeout", "5", "--retries", "3"]
        if session.setting.stdout != "file":
            command += [
                "--results",
                "results",
            ]  # into files, and not to the standard output in question
        command += [*python_driver("parallel_job"), "{}", ":::", *map(str, range(tasks.TASKS))]
        session.start(command, "results.jsonl")

    def record(self, session: Session, since: float) -> Record:
        """Results from the output; it knew when the job log has a failure, or a job is begun again."""
        results = [result for result in map(_parsed, self._output(session)) if result]
        again = [e["at"] for e in session.events() if e["event"] == "begin" and e["attempt"] == 2]
        return Record(
            got=len({result["task"] for result in results}),
            noticed=min((at for at in again + _failed_jobs(session) if at >= since), default=None),
            unharmed=any((r["task"], r["attempt"]) == (tasks.VICTIM, 1) for r in results),
        )

    def _output(self, session: Session) -> list[bytes]:
        """The lines that came out, or that --results kept in its files."""
        kept = sorted(session.folder.glob("results/**/stdout")) + [session.folder / "results.jsonl"]
        return [line for path in kept if path.exists() for line in path.read_bytes().splitlines()]


def _parsed(line: bytes) -> Event | None:
    """A result; None for a line that was cut off or is no result."""
    if not line.startswith(b'{"payload"'):
        return None
    try:
        result: Event = json.loads(line)
    except ValueError:
        return None
    return result


def _failed_jobs(session: Session) -> list[float]:
    """When GNU parallel saw jobs fail, at the latest: columns 3 and 4 of the job log, cut to milliseconds."""
    path = session.folder / "joblog"
    rows = [line.split("\t") for line in path.read_text().splitlines()[1:]] if path.exists() else []
    return [
        float(row[2]) + float(row[3]) + 0.001
        for row in rows
        if len(row) > 7 and (row[6], row[7]) != ("0", "0")
    ]
