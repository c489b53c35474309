"""Tournaments on a real Slurm, on this host: nodes die, jobs are requeued and cancelled, and the merged tables are
those of a run on one machine.

    suite.py JOUST

Exits with 77 where Slurm's programs are not installed.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from cluster import NODES, Cluster, missing_programs, processes_with, until  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77
LONG = 90.0

# It sleeps, so that two nodes of one processor each play as fast as their worlds last on any machine.
WORLD = """\
import time
import joust

@joust.world
def play(world):
    time.sleep(0.1)
    return [world.rng.random() for seat in world.competitors]
"""

SPEC = f"""\
[tournament]
name = "t"
seed = 3
configs = 40
[world]
kind = "command"
command = ["python3", "-B", "-m", "joust", "world.py"]
env = {{ PYTHONPATH = "{ROOT / 'tools' / 'python'}" }}
[[competitor]]
name = "A"
type = "a"
[[competitor]]
name = "B"
type = "b"
[[competitor]]
name = "C"
type = "c"
"""
WORLDS = 240


def files_under(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def workers_of(supervisor):
    children = pathlib.Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    commands = {int(child): pathlib.Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return [child for child, command in commands.items() if b"joust-worker" in command and b"--guard" not in command]


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.cluster = Cluster()
        cls.addClassCleanup(cls.cluster.close)
        cls.folder = cls.cluster.folder / "work"
        cls.folder.mkdir()
        (cls.folder / "world.py").write_text(WORLD)
        cls.spec = cls.folder / "t.toml"
        cls.spec.write_text(SPEC)
        local = cls.folder / "local"
        cls.cluster.run(JOUST, "run", str(cls.spec), "--out", str(local), "--workers", "16", "--quiet")
        cls.expected = cls.exported(local)

    @classmethod
    def exported(cls, run):
        tables = cls.folder / f"tables-of-{run.parent.name}-{run.name}"
        cls.cluster.run(JOUST, "export", str(run), "--reproducible", "--out", str(tables))
        return files_under(tables)

    def joust(self, *words, code=0):
        done = self.cluster.run(JOUST, *map(str, words), check=False)
        self.assertEqual(done.returncode, code, f"{words}: {done.stdout}\n{done.stderr}")
        return done

    def submit(self, name, *options):
        folder = self.folder / name
        self.joust("submit", "slurm", self.spec, "--out", folder, *options)
        return folder

    def status(self, folder):
        return json.loads(self.joust("status", folder, "--json").stdout)

    def told(self, folder):
        """What is known of a submission, for a test that fails."""
        logs = "\n".join(f"{log.name}:\n{log.read_text()}" for log in sorted((folder / "logs").iterdir()))
        return f"{self.joust('status', folder).stdout}\n{self.cluster.queue()}\n{logs}\n{self.cluster.logs()}"

    def wait_for_shard(self, folder, what, condition):
        """The first shard, as status tells it, of which that is true."""

        def look():
            return next((shard for shard in self.status(folder)["shards"] if condition(shard)), None)

        return until(look, lambda: f"a shard that {what}: {self.told(folder)}", LONG)

    def wait_until_merged(self, folder):
        """Lets requeued elements begin at once, which Slurm would have wait for two minutes."""

        def look():
            status = self.status(folder)
            for shard in status["shards"]:
                if shard["state"] == "requeued":
                    self.cluster.start_now(f"{status['array_job']}_{shard['shard']}")
            return None if status["in_queue"] else status

        return until(look, lambda: f"the end of all jobs: {self.told(folder)}", LONG, 0.3)

    def check_result(self, folder, status):
        self.assertEqual(status["merge"], "merged", self.told(folder))
        self.assertEqual(status["worlds"], {"total": WORLDS, "done": WORLDS, "running": 0, "pending": 0, "failed": 0,
                                            "void": 0})
        self.assertEqual(self.exported(folder / "result"), self.expected)
        return json.loads(self.joust("report", folder, "--format", "json").stdout)

    def test_a_node_that_dies_and_a_worker_that_dies_change_no_table(self):
        folder = self.submit("node", "--shards", "4")
        victim = self.wait_for_shard(folder, "plays on n2",
                                     lambda s: s["state"] == "running" and s["node"] == NODES[1] and s["done"] >= 5)
        supervisors = [process for process in processes_with(str(self.cluster.folder), f"SLURMD_NODENAME={NODES[0]}")
                       if pathlib.Path(f"/proc/{process}/comm").read_text().strip() == "joust"]
        self.assertEqual(len(supervisors), 1)
        os.kill(workers_of(supervisors[0])[0], signal.SIGKILL)
        self.cluster.kill_node(NODES[1])
        number = victim["shard"]
        self.wait_for_shard(folder, "was requeued", lambda s: s["shard"] == number and s["state"] == "requeued")
        self.cluster.start_now(f"{self.status(folder)['array_job']}_{number}")
        self.wait_for_shard(folder, "goes on on the other node",
                            lambda s: s["shard"] == number and s["state"] == "running" and s["node"] == NODES[0])
        self.cluster.start_node(NODES[1])
        report = self.check_result(folder, self.wait_until_merged(folder))
        self.assertEqual(report["failed_attempts"], 1)  # of the worker; no world is charged for the node
        log = (folder / "logs" / f"shard-{number:04}.log").read_text()
        self.assertRegex(log, r"goes on; [1-9][0-9]* worlds are over")
        self.assertIn(", 1 worker\n", log)  # the node has one processor, whatever this host has

    def test_a_time_limit_and_a_requeue_drain_and_go_on(self):
        folder = self.submit("limit", "--shards", "2", "--time", "30")
        plays = "plays"
        self.wait_for_shard(folder, plays, lambda s: s["shard"] == 1 and s["done"] >= 5)
        self.wait_for_shard(folder, plays, lambda s: s["shard"] == 2 and s["done"] >= 5)
        array = self.status(folder)["array_job"]
        self.cluster.run("scancel", "--batch", "--signal=USR1", f"{array}_1")  # as Slurm does at the limit
        self.cluster.run("scontrol", "requeue", f"{array}_2")  # as it does to preempt
        for number in (1, 2):
            self.wait_for_shard(folder, "was requeued",
                                lambda s, n=number: s["shard"] == n and s["state"] == "requeued")
        self.assertRegex((folder / "logs" / "shard-0001.log").read_text(), "the time limit is near; it is queued again")
        self.assertRegex((folder / "logs" / "shard-0002.log").read_text(), "was stopped; [1-9]")
        report = self.check_result(folder, self.wait_until_merged(folder))
        self.assertEqual(report["failed_attempts"], 0)

    def test_what_was_cancelled_stays_away_until_it_is_resumed(self):
        folder = self.submit("cancelled", "--shards", "3", "--max-running", "2")
        self.wait_for_shard(folder, "plays", lambda s: s["done"] >= 5)
        text = self.joust("status", folder).stdout
        self.assertRegex(text, "3: 1 waiting, 2 running")
        self.assertIn("not merged yet", self.joust("report", folder, code=2).stderr)
        self.assertIn("is still in Slurm's queue", self.joust("resume", folder, code=2).stderr)
        self.joust("cancel", folder)
        until(lambda: not self.cluster.queue(), lambda: f"an empty queue: {self.told(folder)}")
        status = self.status(folder)
        self.assertEqual(status["states"]["stopped"], 3)
        self.assertFalse((folder / "result").exists())
        kept = status["worlds"]["done"]
        self.assertGreaterEqual(kept, 5)
        self.assertIn("joust resume", self.joust("status", folder).stdout)
        self.joust("resume", folder)
        report = self.check_result(folder, self.wait_until_merged(folder))
        self.assertEqual(report["failed_attempts"], 0)
        self.joust("resume", folder)  # nothing is left

    def test_what_slurm_refuses_is_told_in_its_words_and_leaves_nothing(self):
        for options, words in ((("--shards", "2", "--time", "soon"), "Invalid --time"),
                               (("--shards", "2", "--partition", "nowhere"), "nvalid partition"),
                               (("--shards", "51"), "arrays of 50 at most"),
                               (("--shards", "2", "--cpus", "99"), "Requested partition configuration not available")):
            with self.subTest(options=options):
                folder = self.folder / "refused"
                done = self.joust("submit", "slurm", self.spec, "--out", folder, *options, code=2)
                self.assertIn(words, done.stderr)
                self.assertFalse(folder.exists())
        self.assertEqual([job for job in self.cluster.queue() if "refused" in job], [])


if __name__ == "__main__":
    if missing_programs():
        print(f"skipped: {', '.join(missing_programs())} not found; tools/setup.sh slurm installs them")
        sys.exit(SKIPPED)
    JOUST = sys.argv.pop(1)
    for each in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, lambda *_: sys.exit(1))  # by way of the clean-up
    unittest.main()
