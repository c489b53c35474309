"""Worlds that fail: the text of the error, whose fault it was, and that the program plays on."""

import unittest

from support import PLAY, WorldTest


class Failures(WorldTest):
    def error(self, body, before=""):
        answer = self.played(body, before)
        self.assertEqual(answer["type"], "error", answer)
        self.assertLessEqual(len(answer["text"].encode()), 4000)
        return answer

    def test_an_exception_is_told_by_its_last_line_first_and_then_where_it_was(self):
        answer = self.error("make_move()", "def make_move():\n    raise ValueError('bad move')\n")
        self.assertNotIn("seat", answer)
        lines = answer["text"].splitlines()
        self.assertEqual(lines[0], "ValueError: bad move")
        self.assertEqual(lines[1], "Traceback (most recent call last):")
        self.assertIn('my_world.py", line 7, in play', lines[2])
        self.assertIn("raise ValueError('bad move')", lines[-1])
        self.assertNotIn("_serve.py", answer["text"])

    def test_the_program_plays_on_after_an_exception(self):
        program = self.started("return [1 / world.task, 0]")
        self.assertIn("ZeroDivisionError: division by zero", program.play(task=0)["text"])
        self.assertEqual(program.play(task=1)["scores"], [1, 0])

    def test_a_class_of_the_world_is_named_with_its_module(self):
        answer = self.error("raise Lost", "class Lost(Exception): pass")
        self.assertTrue(answer["text"].startswith("my_world.Lost\nTraceback"), answer)

    def test_a_long_message_and_a_deep_stack_leave_room_for_each_other(self):
        answer = self.error("dive(300)", """
            def dive(depth):
                if depth <= 0:
                    the_innermost_line = fail("x" * 9000)
                climb(depth - 1)
            def fail(text):
                raise ValueError(text)
            def climb(depth):
                dive(depth - 1)  # two functions in turn: equal frames would be counted, not told
        """)
        self.assertTrue(answer["text"].startswith("ValueError: " + "x" * 1000), answer)
        self.assertIn("[...]", answer["text"])
        self.assertIn("the_innermost_line", answer["text"])

    def test_a_message_of_letters_of_many_bytes_is_cut_between_letters(self):
        for shift in range(3):
            answer = self.error(f"raise ValueError('x' * {shift} + '€' * 5000)")
            self.assertNotIn("\ufffd", answer["text"])
            self.assertIn("€ [...]", answer["text"])

    def test_a_recursion_without_end_is_an_error_like_any_other(self):
        answer = self.error("f()", "def f(): f()")
        self.assertTrue(answer["text"].startswith("RecursionError: maximum recursion"), answer)

    def test_the_exception_behind_an_exception_is_told(self):
        answer = self.error("""
            try:
                {}["key"]
            except KeyError as error:
                raise ValueError("no such move") from error
        """)
        self.assertTrue(answer["text"].startswith("ValueError: no such move\n"), answer)
        self.assertIn("KeyError: 'key'", answer["text"])
        self.assertIn("direct cause", answer["text"])

    def test_exceptions_that_are_hard_to_print_are_errors_too(self):
        mute = "class Mute(Exception):\n    def __str__(self): raise TypeError('no')\n"
        self.assertIn("cannot be printed", self.error("raise Mute()", mute)["text"])
        self.assertIn("SyntaxError", self.error("eval('1 +')")["text"])
        self.assertIn("a?b", self.error("raise ValueError('a\\udcffb')")["text"])
        self.assertIn("CancelledError", self.error("raise asyncio.CancelledError", "import asyncio")["text"])

    def test_a_failed_assertion_shows_its_line(self):
        self.assertIn("assert 1 > 2", self.error("assert 1 > 2")["text"])

    def test_sys_exit_fails_the_world_and_the_program_plays_on(self):
        program = self.started("if world.task == 1: raise SystemExit(7)\nreturn [1, 2]")
        self.assertIn("SystemExit: 7", program.play(task=1)["text"])
        self.assertEqual(program.play(task=2)["scores"], [1, 2])

    def test_a_keyboard_interrupt_ends_the_program_as_usual(self):
        program = self.started("raise KeyboardInterrupt")
        program.send(PLAY)
        self.assertIsNone(program.line())
        self.assertIn(program.wait(), (130, -2))


class Faults(WorldTest):
    def blamed(self, expression):
        answer = self.played(f"raise joust.CompetitorFault({expression})")
        self.assertEqual(answer["type"], "error", answer)
        return answer

    def test_a_fault_names_its_seat_by_number_competitor_or_name(self):  # seat 0 is Bob's
        for who, seat in (("1", 1), ("world.competitors[1]", 1), ("'Ann'", 1), ("'Bob'", 0)):
            with self.subTest(who):
                answer = self.blamed(f"{who}, 'cheated'")
                self.assertEqual(answer["seat"], seat)
                self.assertTrue(answer["text"].startswith("cheated\nTraceback"), answer)

    def test_a_fault_of_nobody_who_is_seated_is_an_error_that_says_so(self):
        for who in ("2", "-1", "'Cem'", "None", "1.5"):
            with self.subTest(who):
                answer = self.blamed(f"{who}, 'cheated'")
                self.assertNotIn("seat", answer)
                self.assertIn(f"cheated (blamed is {who}, who is not seated here)", answer["text"])

    def test_a_fault_shows_the_exception_behind_it(self):
        answer = self.played("""
            try:
                int("e9")
            except ValueError as error:
                raise joust.CompetitorFault(0, "no move") from error
        """)
        self.assertEqual(answer["seat"], 0)
        self.assertIn("ValueError: invalid literal", answer["text"])


if __name__ == "__main__":
    unittest.main()
