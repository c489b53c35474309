"""The conversation: handshake, play after play, and how it ends."""

import json
import os
import unittest

from support import PLAY, SETUP, WorldTest

NOOP = "return [0.5, 1.25]"


class Protocol(WorldTest):
    def test_a_program_says_that_it_is_ready_and_plays_one_world_after_another(self):
        program = self.started("return [world.task, world.seed]")
        for task in range(100):
            result = program.play(task=task, seed=task + 2**52)
            self.assertEqual(result, {"type": "result", "task": task, "scores": [task, task + 2**52]})

    def test_it_ends_with_0_at_shutdown(self):
        program = self.started(NOOP)
        program.send({"type": "shutdown"})
        self.assertEqual(program.wait(), 0)
        self.assertEqual(program.output, "")

    def test_it_ends_with_0_when_joust_hangs_up_before_setup_and_after(self):
        for steps in ("before", "after"):
            with self.subTest(steps):
                program = self.program(self.world(NOOP))
                if steps == "after":
                    program.start()
                program.hang_up()
                self.assertEqual(program.wait(), 0)
                self.assertEqual(program.output, "")

    def test_it_ends_without_a_word_when_nobody_reads_its_results_any_more(self):
        program = self.started(NOOP)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, program._from)  # closes the reading end
        os.close(null)
        program.send(PLAY)
        self.assertEqual(program.wait(), 1)
        self.assertEqual(program.output, "")

    def test_keys_that_it_does_not_know_are_passed_over(self):
        program = self.started(NOOP, news={"since": 2}, competitors=[
            {**entrant, "elo": 1200} for entrant in SETUP["competitors"]])
        self.assertEqual(program.play(weather="fine")["scores"], [0.5, 1.25])

    def test_another_version_of_the_protocol_is_refused_with_the_reason(self):
        program = self.program(self.world(NOOP))
        program.send({**SETUP, "protocol": 2})
        self.assertIsNone(program.line())
        self.assertEqual(program.wait(), 1)
        self.assertIn("joust speaks version 2 of the world protocol", program.output)

    def test_a_message_that_it_does_not_know_ends_it_with_the_reason(self):
        program = self.started(NOOP)
        program.send({"type": "dance"})
        self.assertEqual(program.wait(), 1)
        self.assertIn("unknown message from joust: 'dance'", program.output)

    def test_messages_may_come_in_pieces_and_several_at_once(self):
        program = self.program(self.world("return [world.task, 0]"))
        setup = (json.dumps(SETUP) + "\n").encode()
        for position in range(len(setup)):
            program.write(setup[position:position + 1])
        self.assertEqual(program.receive()["type"], "ready")
        plays = b"".join(json.dumps({**PLAY, "task": n}).encode() + b"\n" for n in range(50))
        program.write(plays[:1000])
        program.write(plays[1000:])
        self.assertEqual([program.receive()["scores"][0] for _ in range(50)], [*range(50)])

    def test_a_setup_of_many_megabytes_is_read(self):
        text = "é" * 4_000_000
        program = self.started("return [len(world.parameters['text']), 0]", parameters={"text": text})
        self.assertEqual(program.play()["scores"], [4_000_000, 0])

    def test_a_result_of_many_megabytes_is_written_on_one_line(self):
        result = self.played("return joust.Result([1, 2], payload='a\\n\\u2028' * 10_000_000)")
        self.assertEqual(result["payload"], "a\n\u2028" * 10_000_000)

    def test_whatever_a_world_prints_does_not_touch_the_protocol(self):
        program = self.started("""
            print('{"type":"result","scores":[9,9]}')
            print("x" * 10_000_000)
            sys.stderr.write("y" * 1_000_000)
            os.write(1, b"raw")
            os.system("echo from a shell; echo more >&2")
            return [1, 2]
        """, before="import os, sys")
        for _ in range(3):
            self.assertEqual(program.play(), {"type": "result", "task": 7, "scores": [1, 2]})
        self.assertIn("from a shell", program.output)

    def test_what_a_world_has_printed_is_out_before_its_result(self):
        program = self.started("print('out', world.task); return [1, 2]")
        program.play(task=41)
        self.assertEqual(program.output, "out 41\n")

    def test_a_world_that_closes_its_output_plays_on(self):
        program = self.started("sys.stdout.close(); sys.stderr = None; return [1, 2]", "import sys")
        self.assertEqual(program.play()["scores"], [1, 2])
        self.assertEqual(program.play()["scores"], [1, 2])

    def test_programs_that_a_world_starts_do_not_get_the_descriptors(self):
        program = self.started("""
            script = "for d in 3 4; do if [ -p /proc/self/fd/$d ]; then exit 1; fi; done"
            return [os.system(script), subprocess.call(["sh", "-c", script], close_fds=False)]
        """, before="import os, subprocess")
        self.assertEqual(program.play()["scores"], [0, 0])

    def test_a_forked_child_takes_no_part_in_the_conversation(self):
        program = self.started("""
            child = os.fork()
            if child == 0:
                world.progress(1, 2)
                return [9, 9]  # comes back, as it should not
            return [os.waitpid(child, 0)[1], 2]
        """, before="import os")
        self.assertEqual(program.play(), {"type": "result", "task": 7, "scores": [0, 2]})
        self.assertEqual(program.play(), {"type": "result", "task": 7, "scores": [0, 2]})


if __name__ == "__main__":
    unittest.main()
