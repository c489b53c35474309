"""`python3 -m joust.check`: what it says of good, indeterministic and failing worlds."""

import unittest

from support import WorldTest


class Check(WorldTest):
    def check(self, body, *arguments, before=""):
        done = self.run_module("joust.check", self.world(body, before), *arguments)
        self.words = " ".join(done.stdout.split())  # the verdict is wrapped
        self.errors = done.stderr
        return done.returncode

    def test_a_deterministic_world_passes_and_its_scores_are_shown(self):
        code = self.check("world.count('days', 3); return [world.rng.random(), None]", "--seed", 5)
        self.assertEqual(code, 0, self.words)
        self.assertIn("seat 0 Ann 0.62290169", self.words)
        self.assertIn("seat 1 Bob no score", self.words)
        self.assertIn("counter days: 3", self.words)
        self.assertIn("deterministic: 4 plays with seed 5 are equal, byte for byte", self.words)

    def test_careless_use_of_the_module_random_is_still_deterministic(self):
        self.assertEqual(self.check("return [random.random(), 1]", before="import random"), 0)

    def test_a_world_that_reads_the_time_does_not_pass(self):
        code = self.check("return [1, time.time_ns() % 1e12]", before="import time")
        self.assertEqual(code, 1)
        self.assertIn("NOT deterministic: played with the same seed in a new process", self.words)
        self.assertIn("scores[1] is", self.words)
        self.assertIn("line 5 uses the time", self.words)

    def test_a_generator_without_a_seed_does_not_pass(self):
        code = self.check("return [random.Random().random(), 1]", before="import random")
        self.assertEqual(code, 1)
        self.assertIn("scores[0] is", self.words)
        self.assertIn("line 5 uses a random generator without a seed", self.words)

    def test_a_world_that_depends_on_the_order_of_a_set_does_not_pass(self):
        code = self.check("""
            names = {str(number) for number in range(1000)}
            return joust.Result([1, 2], payload=" ".join(names))
        """)
        self.assertEqual(code, 1)
        self.assertIn("but another PYTHONHASHSEED, the result differs: payload is", self.words)
        self.assertIn('env = { PYTHONHASHSEED = "0" }', self.words)
        self.assertIn("line 5 uses a set", self.words)

    def test_a_world_that_remembers_the_last_one_does_not_pass(self):
        code = self.check("seen.append(1); return [len(seen), 0]", before="seen = []")
        self.assertEqual(code, 1)
        self.assertIn("for the second time in one process", self.words)
        self.assertIn("scores[0] is 1.0 in one and 2.0 in the other", self.words)

    def test_a_world_that_depends_on_its_attempt_does_not_pass(self):
        self.assertEqual(self.check("return [world.attempt, 0]"), 1)
        self.assertIn("uses the number of the attempt", self.words)

    def test_comments_and_texts_are_not_suspected(self):
        self.check("""
            name = f"{world!r} time.time()"  # time.time()
            return [next(counter), id(world)]
        """, before="import itertools\ncounter = itertools.count()\n'''\ntime.time() uuid4\n'''")
        self.assertIn("uses memory addresses", self.words)
        self.assertNotIn("uses the time", self.words)
        self.assertNotIn("uses a set", self.words)

    def test_times_says_how_often_the_same_is_played(self):
        self.assertEqual(self.check("print('played'); return [1, 2]", "--times", 5), 0)
        self.assertIn("7 plays with seed 1", self.words)
        self.assertEqual(self.errors, "played\n", "the output of the first play is shown")

    def test_competitors_seats_parameters_and_resources_are_given_by_options(self):
        data = self.folder / "data"
        data.write_text("12345")
        code = self.check("""
            assert world.competitors[1].type == "shy" and world.competitors[1].parameters == {"x": [1]}
            assert [c.name for c in world.competitors] == ["A", "B"], world.competitors
            assert world.competitors[0].type == "A"
            return [world.parameters["rounds"], len(world.resource("data"))]
        """, "--competitor", "A", "--competitor", 'B:shy:{"x":[1]}', "--competitor", "C",
            "--seats", 2, "--parameter", "rounds=7", "--resource", f"data={data}")
        self.assertEqual(code, 0, self.words)
        self.assertIn("seat 0 A 7.0 seat 1 B 5.0", self.words)

    def test_seats_without_competitors_are_filled(self):
        self.assertEqual(self.check("return [1] * len(world.competitors)", "--seats", 12), 0)
        self.assertIn("seat 11 Seat11", self.words)

    def test_a_world_that_fails_is_told_with_its_output(self):
        code = self.check("print('last words'); raise joust.CompetitorFault('Bob', 'cheated')")
        self.assertEqual(code, 1)
        self.assertIn("failed: (charged to Bob) cheated Traceback", self.words)
        self.assertEqual(self.errors, "last words\n")

    def test_a_program_that_ends_while_playing_is_told_with_its_end(self):
        self.assertEqual(self.check("os._exit(3)", before="import os"), 1)
        self.assertIn("failed: the program ended with exit code 3", self.words)
        self.assertEqual(self.check("os.abort()", before="import os"), 1)
        self.assertIn("failed: the program was ended by SIGABRT", self.words)
        self.assertIn("in play", self.errors)

    def test_a_file_that_does_not_load_fails_with_its_traceback(self):
        self.assertEqual(self.check("return []", before="1 / 0"), 1)
        self.assertIn("ended with exit code 1", self.words)
        self.assertIn("ZeroDivisionError", self.errors)

    def test_a_world_that_is_stuck_is_ended_and_tells_where_it_was(self):
        code = self.check("stuck()", "--timeout", 1, before="""
            import time
            def stuck():
                time.sleep(3600)
        """)
        self.assertEqual(code, 1)
        self.assertIn("failed: no result after 1 s; this is where it was:", self.words)
        self.assertIn("in stuck", self.words)

    def test_a_wrong_command_line_is_told_with_code_2(self):
        for arguments, words in (
            (["--seed", "x"], "--seed"),
            (["--seed", "-1"], "a whole number from 0"),
            (["--times", "1"], "nothing to compare"),
            (["--seats", "0"], "at least one seat"),
            (["--seats", "3", "--competitor", "A"], "3 seats need as many competitors, not 1"),
            (["--competitor", "A", "--competitor", "A:b"], "the same name"),
            (["--competitor", "A:b:[1]"], "NAME[:TYPE[:JSON OBJECT]]"),
            (["--parameter", "a=b"], "is no JSON"),
            (["--parameter", "a"], "KEY=JSON"),
            (["--resource", "a=/nowhere/at/all"], "no file /nowhere/at/all"),
        ):
            with self.subTest(arguments):
                self.assertEqual(self.check("return [1, 2]", *arguments), 2)
                self.assertIn(words, self.errors)
        self.assertEqual(self.run_module("joust.check", self.folder / "x.py").returncode, 2)


if __name__ == "__main__":
    unittest.main()
