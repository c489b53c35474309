"""What a world is given: its place, seeds, competitors, parameters, resources, log, and a heartbeat."""

import random
import unittest

from support import PLAY, WorldTest


class Given(WorldTest):
    def payload(self, expression, before="", **setup):
        answer = self.played(f"return joust.Result([1, 2], payload=str({expression}))", before, **setup)
        self.assertEqual(answer["type"], "result", answer)
        return answer["payload"]

    def test_a_world_knows_its_place_in_the_plan(self):
        keys = ("task", "attempt", "seed", "config_seed", "config", "set", "rotation", "run")
        told = self.payload("[" + ", ".join(f"world.{key}" for key in keys) + "]")
        self.assertEqual(told, str([PLAY[key] for key in keys]))

    def test_it_knows_who_sits_where(self):  # seats [1, 0]
        told = self.payload("[(c.name, c.type, c.parameters) for c in world.competitors]")
        self.assertEqual(told, "[('Bob', 'shy', {'x': 2}), ('Ann', 'greedy', {})]")
        self.assertEqual(self.payload("type(world.competitors)"), "<class 'tuple'>")

    def test_it_tells_what_it_is(self):
        self.assertEqual(
            self.payload("world"), "<world 7, attempt 1, seed 5187436124019: Bob, Ann>")
        self.assertEqual(self.payload("world.competitors[0]"), "Competitor('Bob', 'shy', {'x': 2})")

    def test_what_one_world_changes_in_its_parameters_the_next_does_not_see(self):
        program = self.started("""
            told = repr((world.parameters, world.competitors[0].parameters))
            world.parameters["deep"]["list"].append(1)
            world.competitors[0].parameters["x"] = 3
            assert world.competitors[0].parameters["x"] == 3
            return joust.Result([1, 2], payload=told)
        """, parameters={"deep": {"list": []}})
        for _ in range(2):
            self.assertEqual(program.play()["payload"], "({'deep': {'list': []}}, {'x': 2})")

    def test_its_random_numbers_come_from_its_seed(self):
        program = self.started("return [world.rng.random(), world.rng.random()]")
        for seed in (1, 2**53 - 1, 1):
            rng = random.Random(seed)
            self.assertEqual(program.play(seed=seed)["scores"], [rng.random(), rng.random()])

    def test_the_module_random_is_seeded_for_careless_code(self):
        program = self.started("return [random.random(), random.random()]", "import random")
        first = program.play(seed=5)["scores"]
        self.assertNotEqual(program.play(seed=6)["scores"], first)
        self.assertEqual(program.play(seed=5)["scores"], first)

    def test_numpy_random_is_seeded_when_it_is_imported(self):  # by a stand-in of the same surface
        (self.folder / "numpy").mkdir()
        (self.folder / "numpy" / "__init__.py").write_text("")
        (self.folder / "numpy" / "random.py").write_text(
            "seeds = []\ndef seed(numbers): seeds.append(numbers)\n")
        program = self.started(
            "return joust.Result([1, 2], payload=str(numpy.random.seeds))", "import numpy.random")
        self.assertEqual(program.play(seed=2**40 + 3)["payload"], "[[3, 256]]")
        self.assertEqual(program.play(seed=0)["payload"], "[[3, 256], [0, 0]]")

    def test_it_finds_modules_beside_its_file(self):
        self.write("VALUE = 3", "beside.py")
        self.assertEqual(self.payload("beside.VALUE", "import beside"), "3")

    def test_it_is_a_module_of_its_own_name_and_may_pickle_its_classes(self):
        told = self.payload("(__name__, pickle.loads(pickle.dumps(Move(3))))", """
            import dataclasses, pickle
            @dataclasses.dataclass
            class Move:
                to: int
        """)
        self.assertEqual(told, "('my_world', Move(to=3))")


class Logging(WorldTest):
    def test_the_log_goes_to_standard_error_from_info_on(self):
        program = self.started("""
            world.log.debug("not this")
            world.log.info("step %d", 3)
            return [1, 2]
        """)
        program.play()
        program.play()
        self.assertEqual(program.output, "INFO world: step 3\n" * 2)

    def test_the_logging_module_works_as_well(self):
        program = self.started("logging.getLogger('x').info('hello'); return [1, 2]", "import logging")
        program.play()
        self.assertEqual(program.output, "INFO x: hello\n")

    def test_logging_that_the_world_has_set_up_is_left_alone(self):
        program = self.started("world.log.warning('hello'); return [1, 2]", """
            import logging
            logging.basicConfig(format="mine: %(message)s")
        """)
        program.play()
        self.assertEqual(program.output, "mine: hello\n")


class Progress(WorldTest):
    def test_the_first_progress_is_always_told(self):
        program = self.started("world.progress(3, 10); return [1, 2]")
        for _ in range(3):
            program.send(PLAY)
            self.assertEqual(program.receive(), {"type": "progress", "step": 3, "of": 10})
            self.assertEqual(program.receive()["type"], "result")

    def test_of_a_million_only_one_in_ten_milliseconds_is(self):
        program = self.started("""
            begin = time.monotonic()
            for step in range(1_000_000):
                world.progress(step, 1_000_000)
            return [time.monotonic() - begin, 0]
        """, before="import time")
        program.send(PLAY)
        steps = []
        while (message := program.receive())["type"] == "progress":
            steps.append(message["step"])
        self.assertEqual(steps[0], 0)
        self.assertEqual(steps, sorted(steps))
        self.assertLessEqual(len(steps), 1 + message["scores"][0] / 0.01)

    def test_whole_numbers_of_any_kind_are_told_and_what_are_none_is_an_error(self):
        program = self.started("world.progress(2.9, True); return [1, 2]")
        program.send(PLAY)
        self.assertEqual(program.receive(), {"type": "progress", "step": 2, "of": 1})
        self.assertEqual(self.played("world.progress('a', 1)")["type"], "error")

    def test_a_thread_that_goes_on_after_its_world_is_not_heard(self):
        program = self.started("""
            def go_on():
                while not stop.is_set():
                    world.progress(1, 2)
            if world.task == 0:
                threading.Thread(target=go_on, daemon=True).start()
            elif world.task == 1:
                stop.set()
            return [1, 2]
        """, before="import threading\nstop = threading.Event()")
        program.play(task=0)
        for task in range(200, 0, -1):  # time enough for the thread to get a word in
            program.send({**PLAY, "task": task})
            self.assertEqual(program.receive()["type"], "result")


class Resources(WorldTest):
    def setUp(self):
        super().setUp()
        self.data = self.folder / "data.bin"
        self.data.write_bytes(bytes(range(256)) * 4096)

    def test_a_resource_is_a_read_only_view_that_is_mapped_once(self):
        program = self.started("""
            view = world.resource("table")
            kept.append(view)
            assert view.readonly and isinstance(view, memoryview)
            with open("/proc/self/maps") as maps:
                return [view[255] + len(view), sum("data.bin" in line for line in maps)]
        """, before="kept = []", resources={"table": str(self.data)})
        for _ in range(3):
            self.assertEqual(program.play()["scores"], [255 + 256 * 4096, 1])

    def test_a_world_may_release_its_view(self):
        program = self.started("world.resource('table').release(); return [1, 2]",
                               resources={"table": str(self.data)})
        self.assertEqual(program.play()["scores"], [1, 2])
        self.assertEqual(program.play()["scores"], [1, 2])

    def test_an_empty_resource_is_an_empty_view(self):
        empty = self.folder / "empty"
        empty.touch()
        answer = self.played("return [len(world.resource('e')), 0]", resources={"e": str(empty)})
        self.assertEqual(answer["scores"], [0, 0])

    def test_an_unknown_resource_is_a_key_error_that_names_those_there_are(self):
        body = """
            try:
                world.resource("tabel")
            except KeyError as error:
                return joust.Result([1, 2], payload=str(error))
        """
        text = self.played(body, resources={"table": "/a", "book": "/b"})["payload"]
        self.assertEqual(text, "no resource is called 'tabel'; the spec has: book, table")
        self.assertIn("the spec has: none", self.played("world.resource('a')")["text"])
        self.assertNotIn("_resources.py", self.played("world.resource('a')")["text"])

    def test_a_resource_that_is_gone_is_an_error_with_its_path(self):
        answer = self.played("world.resource('a')", resources={"a": "/nowhere/at/all"})
        self.assertTrue(answer["text"].startswith("FileNotFoundError"), answer)
        self.assertIn("/nowhere/at/all", answer["text"])


if __name__ == "__main__":
    unittest.main()
