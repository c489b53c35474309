"""tools/bench.sh --smoke with the programs of a build: every part gives its tables.

    suite.py BIN        the folder with joust and bench-dispatch

What is measured is not judged: only that all of it is there, and consistent.
"""

import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 240.0
PARTS = ["dispatch", "tournament", "start_stop", "scale", "merge", "worlds", "growth", "recovery"]
TARGETS = {  # at least or at most
    "no-op worlds, journaled": True,
    "no-op worlds, no journal": True,
    "supervisor's processor time per no-op world, no journal": False,
    "supervisor's processor time per no-op world, journaled": False,
    "efficiency at 100us, journaled, 2 workers": True,
    "oneshot-756.toml end to end": False,
    "report of oneshot-756": False,
    "start, one world, stop": False,
    "resume of the finished run, 2,000 worlds": False,
    "resume of a killed run, until it plays, 2,000 worlds": False,
    "resume of a killed run, to the end, 2,000 worlds": False,
    "OneShot worlds per second and core": True,
    "allocations per OneShot world, inner": False,
}
# Differences of two measurements: noise can make them negative.
DIFFERENCES = ("joust restarts", "SIGSTOP", "a world computes for ever")


def bench(*arguments, scratch):
    return subprocess.run(
        [str(ROOT / "tools" / "bench.sh"), "--programs", BIN, *arguments],
        capture_output=True, text=True, timeout=PATIENCE, check=False,
        env={**os.environ, "TMPDIR": str(scratch)},
    )


class Suite(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            scratch = pathlib.Path(folder, "scratch")
            scratch.mkdir()
            out = pathlib.Path(folder, "out")
            cls.done = bench("--smoke", "--out", str(out), scratch=scratch)
            if cls.done.returncode != 0:
                raise AssertionError(f"exit code {cls.done.returncode}: {cls.done.stderr}")
            cls.found = json.loads((out / "benchmarks.json").read_text())
            cls.markdown = (out / "benchmarks.md").read_text()
            cls.left = sorted(path.name for path in scratch.iterdir())

    def tables(self):
        for part in self.found["parts"].values():
            yield from part["tables"]

    def test_every_part_says_why_and_against_which_limit(self):
        self.assertEqual(list(self.found["parts"]), PARTS)
        for name, part in self.found["parts"].items():
            self.assertTrue(part["why"] and part["limit"] and part["tables"], name)

    def test_every_figure_has_values_a_unit_and_their_median(self):
        for table in self.tables():
            self.assertTrue(table["rows"], table["title"])
            for row in table["rows"]:
                what = f"{table['title']}: {row}"
                self.assertTrue(row["unit"], what)
                self.assertTrue(row["values"] and all(map(math.isfinite, row["values"])), what)
                if not row["what"].startswith(DIFFERENCES):
                    self.assertGreaterEqual(min(row["values"]), 0, what)
                self.assertEqual(row["median"], statistics.median(row["values"]), what)

    def test_ratios_are_there_where_the_head_says_so_and_one_for_the_reference(self):
        with_ratios = [table for table in self.tables() if table["ratio"]]
        self.assertGreaterEqual(len(with_ratios), 6)
        for table in with_ratios:
            ratios = [row["ratio"] for row in table["rows"] if row["ratio"] is not None]
            self.assertIn(1.0, ratios, table["title"])

    def test_every_target_is_compared_in_the_right_direction(self):
        targets = [t for part in self.found["parts"].values() for t in part["targets"]]
        self.assertEqual({t["what"]: t["at_least"] for t in targets}, TARGETS)
        for target in targets:
            reached = target["measured"] >= target["bound"]
            if not target["at_least"]:
                reached = target["measured"] <= target["bound"]
            self.assertEqual(target["met"], reached, target)

    def test_allocations_are_counted_in_every_phase(self):
        (counted,) = [
            table
            for table in self.found["parts"]["worlds"]["tables"]
            if table["title"].startswith("Allocations")
        ]
        counts = {row["what"]: row["median"] for row in counted["rows"]}
        self.assertEqual(len(counts), 9)
        self.assertGreater(counts["scml-oneshot, 50 days: setup"], 9, "one per factory at least")

    def test_the_markdown_has_every_row(self):
        self.assertEqual(self.done.stdout.strip(), self.markdown.strip())
        for table in self.tables():
            for row in table["rows"]:
                self.assertIn(f"| {row['what']} |", self.markdown)

    def test_nothing_is_left_behind(self):
        self.assertEqual(self.left, [])


class CommandLine(unittest.TestCase):
    def refused(self, *arguments):
        with tempfile.TemporaryDirectory() as scratch:
            done = bench(*arguments, "--out", str(pathlib.Path(scratch, "out")), scratch=scratch)
        self.assertEqual(done.returncode, 2, done.stderr)
        return done.stderr

    def test_an_unknown_part_is_named_with_those_that_there_are(self):
        said = self.refused("--smoke", "--only", "dispatch,latency")
        self.assertIn("'latency'", said)
        self.assertIn(", ".join(PARTS), said)

    def test_a_program_that_is_missing_is_named(self):
        self.assertIn("/nowhere/joust", self.refused("--smoke", "--joust", "/nowhere/joust"))


if __name__ == "__main__":
    BIN = sys.argv.pop(1)
    unittest.main()
