"""The stacks of a world that is stuck, as joust takes them."""

import os
import signal
import unittest

from support import PLAY, WorldTest, wait_until


class Stacks(WorldTest):
    def memfd(self, pid):
        folder = f"/proc/{pid}/fd"
        found = [f"{folder}/{name}" for name in os.listdir(folder)
                 if os.readlink(f"{folder}/{name}").startswith("/memfd:joust-stacks")]
        self.assertEqual(len(found), 1, os.listdir(folder))
        return found[0]

    def stacks(self, program, where):
        """Asks for stacks until the world is seen at this place."""
        file = self.memfd(program.pid)

        def written():
            with open(file, encoding="utf-8") as memfd:
                return memfd.read()

        seen = len(written())

        def there():
            os.kill(program.pid, signal.SIGUSR2)
            return where in written()[seen:]

        wait_until(there, f"the stacks tell {where}")
        return written()[seen:]

    def test_a_world_that_sleeps_tells_where(self):
        program = self.started("""
            world.progress(1, 2)
            doze()
        """, before="import time\ndef doze():\n    time.sleep(3600)\n")
        program.send(PLAY)
        self.assertEqual(program.receive()["type"], "progress")
        told = self.stacks(program, "in doze")
        self.assertRegex(told, r'my_world\.py", line \d+ in doze\n.*my_world\.py", line \d+ in play')

    def test_a_world_that_spins_tells_all_its_threads(self):
        program = self.started("""
            ready = threading.Event()
            threading.Thread(target=second, args=(ready,), daemon=True).start()
            ready.wait()
            world.progress(1, 2)
            while True: pass
        """, before="""
            import threading
            def second(ready):
                ready.set()
                threading.Event().wait()
        """)
        program.send(PLAY)
        self.assertEqual(program.receive()["type"], "progress")
        self.assertIn("in second", self.stacks(program, "in play"))

    def test_asking_for_stacks_does_not_disturb_the_world(self):
        gate = self.folder / "gate"
        os.mkfifo(gate)
        program = self.started(f"world.progress(1, 2); open({str(gate)!r}).read(); return [1, 2]")
        program.send(PLAY)
        program.receive()
        for _ in range(3):
            self.stacks(program, "in play")
        gate.write_text("go on")
        self.assertEqual(program.answer()["scores"], [1, 2])

    def test_a_crash_leaves_its_stack_on_standard_error(self):
        program = self.started("faulthandler._sigsegv()", "import faulthandler")
        program.send(PLAY)
        self.assertEqual(program.wait(), -signal.SIGSEGV)
        self.assertIn("Segmentation fault", program.output)
        self.assertIn("in play", program.output)


if __name__ == "__main__":
    unittest.main()
