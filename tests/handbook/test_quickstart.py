"""tools/quickstart.sh in a copy of the sources, where a made-up cmake has nothing to build: joust is built already."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from run_page import furnish

SOURCE = Path(__file__).resolve().parents[2]


class Quickstart(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="joust-quickstart-")
        self.addCleanup(folder.cleanup)
        self.scratch = Path(folder.name).resolve()
        self.environment = furnish(self.scratch, SOURCE, Path(os.environ["JOUST_BIN"]).resolve())
        self.environment["JOUST_SKIP_SETUP"] = "1"
        self.environment["PATH"] = f"{self.scratch}/fake:{self.environment['PATH']}"

    def quickstart(self, cmake: str) -> subprocess.CompletedProcess:
        program = self.scratch / "fake" / "cmake"
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{cmake}\n")
        program.chmod(0o755)
        return subprocess.run([self.scratch / "joust" / "tools" / "quickstart.sh"], env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True, timeout=200)

    def test_it_plays_a_tournament_and_shows_it_when_called_again(self):
        first = self.quickstart("exit 0")
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertIn("756 of 756 done", first.stdout)
        self.assertIn("What to try next", first.stdout)
        self.assertTrue((self.scratch / "joust/runs/oneshot-756/standings.csv").exists())
        again = self.quickstart("exit 0")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("runs/oneshot-756 is finished", again.stderr)
        self.assertIn("756 of 756 done", again.stdout)

    def test_a_build_that_fails_shows_what_the_compiler_said(self):
        failed = self.quickstart("echo 'error: no such type'; exit 3")
        self.assertEqual(failed.returncode, 1)
        self.assertIn("error: no such type", failed.stderr)
        self.assertIn("the build failed", failed.stderr)
        self.assertFalse((self.scratch / "joust/runs").exists())


if __name__ == "__main__":
    sys.exit(unittest.main())
