"""Starts `python3 -m joust` on a world and speaks the protocol with it, for the tests.

Nothing waits for ever: a program that is silent for `PATIENCE` seconds fails its test.
"""

import fcntl
import json
import os
import pathlib
import select
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SDK = ROOT / "tools" / "python"
EXAMPLES = ROOT / "tools" / "examples"
PATIENCE = 60.0
PLAY = {
    "type": "play", "task": 7, "attempt": 1, "seed": 5187436124019, "config_seed": 771249033,
    "config": 0, "set": 2, "rotation": 1, "run": 3, "seats": [1, 0],
}
SETUP = {
    "type": "setup", "protocol": 1, "parameters": {"rounds": 10}, "seats": 2,
    "max_message": 1 << 26, "resources": {},
    "competitors": [
        {"name": "Ann", "type": "greedy", "parameters": {}},
        {"name": "Bob", "type": "shy", "parameters": {"x": 2}},
    ],
}


def environment(**changes):
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return {**own, "PYTHONPATH": str(SDK), "PYTHONDONTWRITEBYTECODE": "1", **changes}


def wait_until(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {PATIENCE:g} s in vain: {what}")
        time.sleep(0.005)


class Program:
    """A served world or agent, or, with no module, a program that needs none. `output` is what it has
    printed, complete once it has ended."""

    def __init__(self, file, arguments=(), module="joust"):
        self._printed = tempfile.TemporaryFile()
        theirs, self._to = self._pipe()
        self._from, answers = self._pipe()
        printed = self._printed.fileno()
        moves = [(printed, 1), (printed, 2), (theirs, 3), (answers, 4)]
        self.pid = os.posix_spawn(
            sys.executable,
            [sys.executable, *(["-m", module] if module else []), str(file), *arguments],
            environment(),
            file_actions=[(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
            + [(os.POSIX_SPAWN_DUP2, here, there) for here, there in moves],
        )
        os.close(theirs)
        os.close(answers)
        self._received = bytearray()
        self._status = None

    @staticmethod
    def _pipe():
        ends = os.pipe()
        moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
        for end in ends:
            os.close(end)
        return moved

    def write(self, data):
        while data:
            data = data[os.write(self._to, data):]

    def send(self, message):
        self.write((json.dumps(message) + "\n").encode())

    def line(self):
        """The next line, or None when the program has closed its end."""
        deadline = time.monotonic() + PATIENCE
        searched = 0
        while self._received.find(b"\n", searched) < 0:
            searched = len(self._received)
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self._from], [], [], left)[0]:
                raise AssertionError(f"the program is silent; it printed: {self.output}")
            chunk = os.read(self._from, 1 << 20)
            if not chunk:
                return None
            self._received += chunk
        line, _, self._received = self._received.partition(b"\n")
        return bytes(line)

    def receive(self):
        line = self.line()
        if line is None:
            raise AssertionError(f"the program ended ({self.wait()}); it printed: {self.output}")
        return json.loads(line, parse_constant=lambda name: self._no_json(name))

    @staticmethod
    def _no_json(name):
        raise AssertionError(f"{name} is no JSON")

    def answer(self):
        """The next message that is no progress."""
        while True:
            message = self.receive()
            if message["type"] != "progress":
                return message

    def start(self, **setup):
        self.send({**SETUP, **setup})
        ready = self.receive()
        if ready != {"type": "ready", "protocol": 1}:
            raise AssertionError(f"not ready: {ready}")
        return self

    def play(self, **changes):
        self.send({**PLAY, **changes})
        return self.answer()

    def hang_up(self):
        if self._to is not None:
            os.close(self._to)
            self._to = None

    def wait(self):
        """The exit code, or the negative signal, as subprocess has it."""
        if self._status is None:
            wait_until(self._ended, "the program ends")
        if os.WIFSIGNALED(self._status):
            return -os.WTERMSIG(self._status)
        return os.WEXITSTATUS(self._status)

    def _ended(self):
        done, status = os.waitpid(self.pid, os.WNOHANG)
        if done:
            self._status = status
        return bool(done)

    @property
    def output(self):
        size = os.fstat(self._printed.fileno()).st_size
        return os.pread(self._printed.fileno(), size, 0).decode("utf-8", "replace")

    def close(self):
        self.hang_up()
        if self._status is None:
            if not self._ended():
                os.kill(self.pid, signal.SIGKILL)
            self.wait()
        os.close(self._from)
        self._printed.close()


class WorldTest(unittest.TestCase):
    """A test that writes worlds into a folder of its own and talks to them."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="joust-python-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, source, name="my_world.py"):
        file = self.folder / name
        file.write_text(textwrap.dedent(source), encoding="utf-8")
        return file

    def world(self, body, before=""):
        """The file of a world whose function has this body."""
        body = textwrap.indent(textwrap.dedent(body).strip(), "    ")
        before = textwrap.dedent(before)
        return self.write(f"import joust\n{before}\n@joust.world\ndef play(world):\n{body}\n")

    def program(self, file, *arguments):
        program = Program(file, arguments)
        self.addCleanup(program.close)
        return program

    def started(self, body, before="", **setup):
        return self.program(self.world(body, before)).start(**setup)

    def played(self, body, before="", **setup):
        """What a world of this body answers."""
        return self.started(body, before, **setup).play()

    def run_module(self, module, *arguments, **more):
        return subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)],
            env=environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=PATIENCE, **more,
        )
