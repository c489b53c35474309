"""What a world function may return."""

import importlib.util
import unittest

from support import SETUP, WorldTest

NUMBER = """
class Number:
    "As numpy's: no float, but float() takes it."
    def __init__(self, value): self.value = value
    def __float__(self): return self.value
class Array:
    "As numpy's: no list, but it can be indexed and counted."
    def __init__(self, *items): self.items = items
    def __len__(self): return len(self.items)
    def __getitem__(self, index): return self.items[index]
"""


class Results(WorldTest):
    def scores(self, expression, before=""):
        answer = self.played(f"return {expression}", before)
        self.assertEqual(answer["type"], "result", answer)
        return answer["scores"]

    def refused(self, expression, *words, before="", **setup):
        answer = self.played(f"return {expression}", before, **setup)
        self.assertEqual(answer["type"], "error", answer)
        self.assertTrue(answer["text"].startswith("play (my_world.py:"), answer)
        for word in words:
            self.assertIn(word, answer["text"])

    def test_a_list_or_a_tuple_has_the_scores_in_seat_order(self):
        self.assertEqual(self.scores("[1, 2.5]"), [1, 2.5])
        self.assertEqual(self.scores("(True, -0.25)"), [1, -0.25])

    def test_a_dict_has_them_by_competitor_or_its_name(self):  # seat 0 is Bob's
        self.assertEqual(self.scores("{'Ann': 1, 'Bob': 2}"), [2, 1])
        self.assertEqual(self.scores("{c: c.name == 'Bob' for c in world.competitors}"), [1, 0])

    def test_whatever_float_takes_is_a_score_even_in_an_array(self):
        self.assertEqual(self.scores("[Number(1.5), Fraction(1, 4)]",
                                     NUMBER + "from fractions import Fraction"), [1.5, 0.25])
        self.assertEqual(self.scores("Array(Number(1.5), 2)", NUMBER), [1.5, 2])

    @unittest.skipUnless(importlib.util.find_spec("numpy"), "numpy is not installed")
    def test_numbers_and_arrays_of_numpy_are_scores(self):
        self.assertEqual(self.scores("np.array([1.5, 2])", "import numpy as np"), [1.5, 2])
        self.assertEqual(self.scores("[np.float32(1.5), np.int64(2)]", "import numpy as np"), [1.5, 2])

    def test_a_score_that_is_none_nan_or_infinite_is_null(self):
        self.assertEqual(self.scores("[None, float('nan')]"), [None, None])
        self.assertEqual(self.scores("[Number(float('inf')), -1e400]", NUMBER), [None, None])

    def test_scores_keep_every_bit(self):
        self.assertEqual(self.scores("[0.1 + 0.2, 1 / 3]"), [0.1 + 0.2, 1 / 3])

    def test_a_wrong_number_of_scores_is_told(self):
        self.refused("[1]", "1 scores for 2 seats")
        self.refused("Array(1, 2, 3)", "3 scores for 2 seats", before=NUMBER)
        self.refused("{'Ann': 1}", "scores for Ann", "seated are Bob, Ann")
        self.refused("{'Ann': 1, 'Bob': 2, 'Cem': 3}", "scores for Ann, Bob, Cem")

    def test_what_is_no_score_is_told_with_its_seat(self):
        self.refused("[1, '2']", "the score of seat 1 (Ann) is no number: '2'")
        self.refused("[[1], 2]", "the score of seat 0 (Bob) is no number: [1]")
        self.refused("[10 ** 400, 2]", "seat 0 (Bob) is no number")

    def test_what_are_no_scores_at_all_is_told(self):
        self.refused("None", "returned None")
        self.refused("3.5", "must be a list", "float", "3.5")
        self.refused("'12'", "must be a list", "str")
        self.refused("{1.0, 2.0}", "must be a list", "set")
        self.refused("(s for s in (1, 2))", "must be a list", "generator")

    def test_a_number_that_raises_is_told_and_does_not_end_the_program(self):
        program = self.started("return [Trap(), 1] if world.task else [1, 2]", """
            class Trap:
                def __float__(self): raise RuntimeError("no")
        """)
        self.assertIn("no", program.play()["text"])
        self.assertEqual(program.play(task=0)["scores"], [1, 2])

    def test_a_dict_is_refused_where_one_competitor_has_two_seats(self):
        program = self.started("return {'Ann': 1}")
        self.assertIn("sits in two seats", program.play(seats=[0, 0])["text"])

    def test_a_result_can_tell_more_than_scores(self):
        answer = self.played("""
            return joust.Result({"Ann": 1, "Bob": 2}, names=["b", "a"], counters={"days": 5},
                                seat_counters=[{"trades": 1}, {}], payload="all of it: \\u00e9",
                                forfeits=[None, "no move"])
        """)
        self.assertEqual(answer, {
            "type": "result", "task": 7, "scores": [2, 1], "names": ["b", "a"], "counters": {"days": 5},
            "seat_counters": [{"trades": 1}, {}], "payload": "all of it: é",
            "forfeits": [None, "no move"],
        })

    def test_counters_are_added_up_and_new_for_each_world(self):
        program = self.started("""
            for step in range(3):
                world.count("steps")
            world.count("gold", 2.5)
            return joust.Result([1, 2], counters={"gold": 0.5, "nan": float("nan")})
        """)
        for _ in range(2):
            self.assertEqual(program.play()["counters"], {"steps": 3, "gold": 3.0})
        self.assertEqual(
            self.played("world.count('steps', 4); return [1, 2]")["counters"], {"steps": 4})

    def test_what_is_wrong_with_a_result_is_told(self):
        self.refused("joust.Result([1, 2], names=['b'])", "1 names for 2 seats")
        self.refused("joust.Result([1, 2], names='ab')", "names must be a list")
        self.refused("joust.Result([1, 2], names=[1, 2])", "a name must be a str")
        self.refused("joust.Result([1, 2], seat_counters=[{}])", "1 seat_counters for 2 seats")
        self.refused("joust.Result([1, 2], seat_counters=[1, 2])", "counters must be a dict")
        self.refused("joust.Result([1, 2], counters={'a': 'b'})", "counter 'a' is no number")
        self.refused("joust.Result([1, 2], counters={1: 2})", "counter's name must be a str")
        self.refused("joust.Result([1, 2], forfeits=['x'])", "1 forfeits for 2 seats")
        self.refused("joust.Result([1, 2], forfeits=[None, 3])", "a forfeit must be a str")
        self.refused("joust.Result([1, 2], payload=b'x')", "the payload must be a str")

    def test_text_that_utf_8_does_not_have_becomes_question_marks(self):
        answer = self.played("return joust.Result([1, 2], payload='a\\udcffb\\ud800')")
        self.assertEqual(answer["payload"], "a?b?")

    def test_the_number_of_seats_is_that_of_the_world(self):
        program = self.started("return [1] * len(world.competitors)", competitors=[
            *SETUP["competitors"], {"name": "Cem", "type": "x", "parameters": {}}])
        self.assertEqual(program.play(seats=[2, 0, 1])["scores"], [1, 1, 1])
        self.assertEqual(program.play(seats=[1])["scores"], [1])


if __name__ == "__main__":
    unittest.main()
