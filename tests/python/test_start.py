"""How a program starts, and what it says when it cannot."""

import os
import subprocess
import sys
import unittest

from support import SETUP, WorldTest, environment

NOOP = "return [0, 0]"


class Start(WorldTest):
    def refused(self, file):
        program = self.program(file)
        program.send(SETUP)
        self.assertIsNone(program.line(), "it must not say that it is ready")
        self.assertEqual(program.wait(), 1)
        return program.output

    def test_an_error_at_loading_ends_it_with_1_and_the_traceback_of_the_file(self):
        output = self.refused(self.write("import joust\n\nvalue = 1 / 0\n"))
        self.assertIn('my_world.py", line 3, in <module>', output)
        self.assertTrue(output.endswith("ZeroDivisionError: division by zero\n"), output)
        self.assertNotIn("_serve.py", output)
        self.assertNotIn("importlib", output)

    def test_a_syntax_error_is_told_with_its_line(self):
        output = self.refused(self.write("import joust\ndef (:\n"))
        self.assertIn("my_world.py", output)
        self.assertIn("line 2", output)
        self.assertIn("SyntaxError", output)

    def test_a_file_without_a_world_is_told_what_is_missing(self):
        output = self.refused(self.write("import joust\n"))
        self.assertIn("my_world.py has no world: write @joust.world", output)

    def test_two_worlds_in_a_file_are_an_error_that_names_both(self):
        output = self.refused(self.write("""
            import joust
            @joust.world
            def chess(world): pass
            @joust.world
            def go(world): pass
        """))
        self.assertIn("here are two: chess (my_world.py:3) and go (my_world.py:5)", output)

    def test_two_worlds_of_one_name_are_two(self):
        twice = "@joust.world\ndef play(world): pass\n"
        self.assertIn("here are two", self.refused(self.write("import joust\n" + twice * 2)))

    def test_what_is_no_function_is_no_world(self):
        output = self.refused(self.write("import joust\njoust.world(3)\n"))
        self.assertIn("@joust.world belongs before a function, not before 3", output)

    def test_a_world_may_come_from_another_file(self):
        self.write("import joust\n@joust.world\ndef play(world): return [3, 4]\n", "other.py")
        program = self.program(self.write("from other import play\n")).start()
        self.assertEqual(program.play()["scores"], [3, 4])

    def test_a_world_of_its_own_comes_before_one_that_is_imported(self):
        self.write("import joust\n@joust.world\ndef play(world): return [3, 4]\n", "other.py")
        program = self.started("return [s + 1 for s in other.play(world)]", "import other")
        self.assertEqual(program.play()["scores"], [4, 5])

    def test_a_file_with_the_name_of_a_module_in_use_is_told_to_change_it(self):
        output = self.refused(self.write("import joust\n", "json.py"))
        self.assertIn("the name of the module json, in use here: rename the file", output)

    def test_what_is_printed_while_loading_is_no_trouble(self):
        program = self.program(self.world(NOOP, before="print('x' * 1_000_000)")).start()
        self.assertEqual(program.play()["scores"], [0, 0])

    def test_by_hand_it_says_what_to_use_instead(self):
        done = self.run_module("joust", self.world(NOOP))
        self.assertEqual(done.returncode, 2)
        self.assertIn("descriptors 3 and 4 are no pipes", done.stderr)
        self.assertIn("python3 -m joust.check", done.stderr)

    def test_descriptors_that_happen_to_be_open_are_not_taken_for_joust(self):
        command = 'exec "$0" -m joust "$1" 3</dev/null 4>/dev/null'
        done = subprocess.run(
            ["sh", "-c", command, sys.executable, str(self.world(NOOP))],
            env=environment(), capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("python3 -m joust.check", done.stderr)

    def test_without_a_file_it_tells_its_usage(self):
        for arguments in ((), ("--help",)):
            done = self.run_module("joust", *arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn("usage: python3 -m joust my_world.py", done.stderr)

    def test_a_file_that_is_not_there_is_named_with_the_folder_it_was_sought_from(self):
        done = self.run_module("joust", "nowhere.py", cwd=self.folder)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"no file nowhere.py (seen from {os.path.realpath(self.folder)})", done.stderr)

    def test_further_arguments_are_the_worlds(self):
        file = self.world("return joust.Result([1, 2], payload=str(sys.argv[1:]))", "import sys")
        program = self.program(file, "--fast", "x").start()
        self.assertEqual(program.play()["payload"], "['--fast', 'x']")


if __name__ == "__main__":
    unittest.main()
