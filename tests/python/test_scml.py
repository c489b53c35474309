"""joust.scml, played with the stand-ins in standin/ for negmas and scml, which are not in Debian.

What only the real packages can show is not tested here: SCML.md says with which it was tried.
"""

import contextlib
import importlib
import importlib.util
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import textwrap
import types
import unittest
import uuid
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
SDK = ROOT / "tools" / "python"
STANDIN = pathlib.Path(__file__).resolve().parent / "standin"
STANDIN_PATHS = [str(STANDIN)]
if importlib.util.find_spec("numpy") is None:
    STANDIN_PATHS.append(str(STANDIN / "without_numpy"))

if str(SDK) not in sys.path:
    sys.path.insert(0, str(SDK))

import joust  # noqa: E402
from joust.scml import _economy, _packages, _settings, scml_world  # noqa: E402

GREEDY, RANDOM, EQUAL = (f"scml.oneshot.agents.{each}Agent" for each in ("Greedy", "Random", "Equal"))


def _forget_standins():
    for name in list(sys.modules):
        file = getattr(sys.modules[name], "__file__", None) or ""
        if file.startswith(str(STANDIN)):
            del sys.modules[name]


def setUpModule():
    sys.path[:0] = STANDIN_PATHS  # before real packages that may be installed
    assert importlib.import_module("negmas").IS_STANDIN
    assert importlib.import_module("scml").IS_STANDIN


def tearDownModule():
    for path in STANDIN_PATHS:
        sys.path.remove(path)
    _forget_standins()


class CachedThings(unittest.TestCase):
    def test_what_methods_remember_of_a_world_goes_when_it_is_over(self):
        module = types.ModuleType("scml.remembers")
        exec(textwrap.dedent("""
            import functools
            class UtilityFunction:
                @functools.lru_cache(maxsize=None)
                def best(self, offers):
                    return offers
        """), vars(module))
        module.UtilityFunction.__module__ = module.__name__
        with mock.patch.dict(sys.modules, {module.__name__: module}):
            module.UtilityFunction().best(3)
            self.assertEqual(module.UtilityFunction.best.cache_info().currsize, 1)
            with mock.patch.object(scml_world, "_result_of", side_effect=ValueError("no luck")):
                with mock.patch.dict(os.environ, {"PYTHONHASHSEED": "0"}):
                    self.assertRaises(ValueError, scml_world.play, None)
        self.assertEqual(module.UtilityFunction.best.cache_info().currsize, 0)


class FakeWorld:
    """What the SDK gives to a world."""

    def __init__(self, *agents, seed=1, config_seed=2, agent_parameters=None, **parameters):
        self.seed, self.config_seed = seed, config_seed
        self.parameters = {"n_steps": 3, **parameters}
        self.competitors = tuple(
            types.SimpleNamespace(
                name=f"c{i}", type=agent, parameters=(agent_parameters or {}).get(i, {})
            )
            for i, agent in enumerate(agents or (GREEDY, RANDOM, EQUAL))
        )
        self.told = []

    def progress(self, step, of):
        self.told.append((step, of))


class ScmlTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        for patch in (
            mock.patch.dict(os.environ, PYTHONHASHSEED="0", HOME=self.folder.name),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            patch.__enter__()
            self.addCleanup(patch.__exit__, None, None, None)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(self.folder.name)

    def play(self, *agents, **changes):
        return scml_world.play(FakeWorld(*agents, **changes))

    def agent_file(self, body, name="my_agent.py"):
        """A file with one class, MyAgent; returns the type that names it."""
        source = "from scml.oneshot.agents import Agent\nclass MyAgent(Agent):\n"
        pathlib.Path(name).write_text(source + textwrap.indent(textwrap.dedent(body), "    "))
        return f"{name}:MyAgent"

    def fault(self, *agents, **changes):
        with self.assertRaises(joust.CompetitorFault) as caught:
            self.play(*agents, **changes)
        return caught.exception


def told(result):
    return json.dumps([result.scores, result.names, result.counters, result.seat_counters])


class Determinism(ScmlTest):
    def test_a_world_is_a_function_of_its_seeds_whatever_was_played_before(self):
        first = told(self.play(seed=5))
        for seed in range(3):
            self.play(seed=seed, config_seed=seed)
        random.random()
        self.assertEqual(told(self.play(seed=5)), first)

    def test_another_seed_is_another_world_in_the_same_economy(self):
        one, other = self.play(seed=5), self.play(seed=6)
        self.assertNotEqual(one.scores, other.scores)
        self.assertEqual(balances(one), balances(other))

    def test_what_agents_draw_from_either_generator_comes_from_the_worlds_seed(self):
        for module in ("random", "numpy.random"):
            with self.subTest(module):
                agent = self.agent_file(f"""
                    def propose(self):
                        import {module}
                        return 1e6 * {module}.random()
                """, f"{module}.agent.py")
                one, same, other = (
                    self.play(agent, seed=seed).seat_counters[0]["final_balance"] for seed in (5, 5, 6)
                )
                self.assertEqual(one, same)
                self.assertGreater(abs(one - other), 1)

    def test_all_sets_and_rotations_of_a_configuration_share_its_economy(self):
        one = self.play(GREEDY, RANDOM, EQUAL)
        for seats in ((RANDOM, EQUAL, GREEDY), (GREEDY, GREEDY, GREEDY)):
            other = self.play(*seats, seed=9)
            self.assertEqual(balances(other), balances(one))
            self.assertEqual(levels(other), levels(one))

    def test_another_configuration_is_another_economy(self):
        self.assertNotEqual(balances(self.play()), balances(self.play(config_seed=3)))

    def test_a_busy_machine_does_not_change_the_world(self):
        from negmas import mechanisms

        in_time = told(self.play())
        with mock.patch.object(mechanisms, "seconds", 3):
            self.assertEqual(told(self.play()), in_time)

    def test_what_was_replaced_is_back_after_a_world_also_after_one_that_failed(self):
        from negmas import mechanisms

        originals = uuid.uuid4, mechanisms.random
        self.play()
        self.fault(self.agent_file("def step(self): raise ValueError"))
        self.assertEqual((uuid.uuid4, mechanisms.random), originals)

    def test_a_process_whose_hashes_are_not_fixed_refuses_to_play(self):
        for value in ("random", None):
            with mock.patch.dict(os.environ, clear=value is None):
                if value:
                    os.environ["PYTHONHASHSEED"] = value
                with self.assertRaisesRegex(RuntimeError, 'env = { PYTHONHASHSEED = "0" }'):
                    self.play()


def balances(result):
    return [each["initial_balance"] for each in result.seat_counters]


def levels(result):
    return [each["level"] for each in result.seat_counters]


class Layouts(unittest.TestCase):
    """Factories as scml's tournaments lay them out."""

    def layouts(self, seats, **parameters):
        settings = _settings.read_settings(parameters)
        return [_economy.draw_layout(settings, seats, 3, seed) for seed in range(1000)]

    def test_a_oneshot_world_of_three_has_eight_to_eleven_factories(self):
        sizes = [len(layout.factories) for layout in self.layouts(3)]
        self.assertEqual((min(sizes), max(sizes)), (8, 11))
        self.assertAlmostEqual(sum(sizes) / len(sizes), 9.4, delta=0.15)

    def test_a_standard_world_has_two_to_four_levels(self):
        layouts = self.layouts(3, game="std")
        self.assertEqual({layout.levels for layout in layouts}, {2, 3, 4})
        sizes = [len(layout.factories) for layout in layouts if layout.levels == 3]
        self.assertEqual((min(sizes), max(sizes)), (12, 16))

    def test_each_level_has_its_open_seats_first_then_four_to_six_factories_in_all(self):
        for layout in self.layouts(4):
            for level in range(layout.levels):
                here = [each for each in layout.factories if each.level == level]
                self.assertTrue(4 <= len(here) <= 6, here)
                are_defaults = [each.seat is None for each in here]
                self.assertEqual(are_defaults, sorted(are_defaults), here)

    def test_every_seat_has_one_factory_and_seats_go_up_with_the_factories(self):
        for layout in self.layouts(5):
            seats = [each.seat for each in layout.factories if each.seat is not None]
            self.assertEqual(seats, list(range(5)))
            self.assertEqual([layout.factories[layout.seats[seat]].seat for seat in seats], seats)

    def test_days_are_drawn_per_configuration(self):
        days = {layout.n_steps for layout in self.layouts(3)}
        self.assertEqual((min(days), max(days)), (50, 200))
        self.assertEqual({each.n_steps for each in self.layouts(3, n_steps=50)}, {50})


class Results(ScmlTest):
    def test_scores_are_final_over_initial_balances_seat_by_seat(self):
        result = self.play(agent_parameters={1: {"bonus": 1000}})
        for score, seat in zip(result.scores, result.seat_counters):
            self.assertEqual(score, seat["final_balance"] / seat["initial_balance"])
        self.assertEqual(max(result.scores), result.scores[1])

    def test_seats_are_called_what_the_world_calls_their_agents(self):
        kinds = [name[2:4] for name in self.play(EQUAL, GREEDY, RANDOM).names]
        self.assertEqual(kinds, ["Eq", "Gr", "Ra"])

    def test_counters_have_the_names_that_the_tables_know(self):
        header = (ROOT / "runner" / "scoring" / "world_stats.hpp").read_text()
        known = re.findall(r'"(\w+)"', header[header.index("kStatCounters = {"):].split("};")[0])
        self.assertEqual(len(known), 17)
        result = self.play()
        for seat in result.seat_counters:
            self.assertLessEqual(set(known), set(seat))
        self.assertLessEqual({f"n_{name}" for name in known}, set(result.counters))
        self.assertEqual(result.counters["planned_n_steps"], 3)
        self.assertEqual(result.counters["executed_n_steps"], 3)

    def test_a_number_of_the_world_counts_all_agents_also_the_outside_world(self):
        counters = self.play().counters
        factories = counters["n_factories"]
        self.assertEqual(counters["n_negs_registered"], 3 * factories)
        self.assertEqual(counters["n_contracts_executed"], 3 * factories)
        self.assertEqual(counters["n_default_agents"], factories - 3)

    def test_progress_is_told_after_each_day(self):
        world = FakeWorld()
        scml_world.play(world)
        self.assertEqual(world.told, [(1, 3), (2, 3), (3, 3)])

    def test_nothing_is_written(self):
        self.play()
        self.assertEqual(os.listdir(self.folder.name), [])

    def test_a_world_that_ends_before_its_last_day_has_no_result(self):
        from negmas.world import World

        with mock.patch.object(World, "step", lambda self: False):
            with self.assertRaisesRegex(RuntimeError, "ended by itself after 0 of 3 days"):
                self.play()

    def test_a_standard_world_is_played_as_well(self):
        self.assertEqual(len(self.play(game="std", n_steps=5).scores), 3)


class Rules(ScmlTest):
    def rules(self, **parameters):
        built = []
        from negmas.world import World

        def play_day(world):
            built.append(world)

        with mock.patch.object(World, "play_day", play_day, create=True):
            with mock.patch("scml.oneshot.world.SCML2024OneShotWorld.play_day", play_day):
                self.play(**parameters)
        return built[0]

    def test_the_clock_of_a_world_is_off_and_the_limits_of_negotiations_are_kept(self):
        world = self.rules()
        self.assertEqual(world.time_limit, float("inf"))
        self.assertEqual(world.rules["neg_hidden_time_limit"], 60)
        self.assertEqual(world.rules["neg_step_time_limit"], 20)
        self.assertEqual(world.rules["neg_n_steps"], 20)
        self.assertIsNone(world.rules["neg_time_limit"])  # agents would see it

    def test_other_parameters_go_to_negmas_lists_as_ranges(self):
        world = self.rules(neg_n_steps=5, cash_availability=[1.5, 2.5])
        self.assertEqual(world.rules["neg_n_steps"], 5)
        self.assertEqual(world.rules["negotiation_speed"], 6)
        self.assertEqual(world.rules["cash_availability"], (1.5, 2.5))

    def test_wrong_parameters_are_named_with_their_value(self):
        for parameters, message in (
            ({"game": "chess"}, "game: expected one of .* 'chess'"),
            ({"n_steps": 0}, "n_steps: expected a whole number from 1 up, found 0"),
            ({"n_steps": 4, "game": "std"}, "4 days are too few for 4 processes: .* at least 5"),
            ({"n_steps": True}, "n_steps: .* found True"),
            ({"n_steps": [9, 5]}, r"n_steps: expected \[least, greatest\], found \[9, 5\]"),
            ({"n_lines": 1.5}, "n_lines: .* found 1.5"),
            ({"on_exception": "cry"}, "on_exception: .*'cry'"),
            ({"default_agents": "x"}, "default_agents: expected a list of type names"),
            ({"time_limit": 5}, "time_limit is decided by joust"),
        ):
            with self.subTest(parameters):
                with self.assertRaisesRegex(_settings.SettingsError, message):
                    self.play(**parameters)

    def test_a_year_that_scml_does_not_know_is_refused(self):
        with self.assertRaisesRegex(RuntimeError, "SCML2031OneShotWorld"):
            self.play(year=2031)

    def test_default_agents_can_be_named(self):
        result = self.play(GREEDY, default_agents=[self.agent_file("def step(self): 1 / 0")],
                           on_exception="count")
        self.assertEqual(result.counters["n_agent_exceptions"], 3 * result.counters["n_default_agents"])

    @unittest.skipIf(importlib.util.find_spec("scml"), "scml is installed")
    def test_without_scml_the_program_does_not_begin(self):
        done = subprocess.run(
            [sys.executable, "-B", "-m", "joust.scml"], stdin=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(SDK)}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("pip install scml", done.stderr)

    def test_missing_packages_are_named_with_the_way_to_get_them(self):
        missing = ModuleNotFoundError("No module named 'negmas'", name="negmas")
        with mock.patch.object(importlib, "import_module", side_effect=missing):
            with self.assertRaisesRegex(RuntimeError, "negmas: pip install scml"):
                _packages.package("negmas")


class Exceptions(ScmlTest):
    def test_an_exception_of_an_agent_is_charged_to_its_seat(self):
        for where in ("__init__(self)", "step(self)", "propose(self)"):
            with self.subTest(where):
                agent = self.agent_file(f"def {where}: raise ValueError('boom')", f"{where[:4]}.py")
                fault = self.fault(GREEDY, agent, EQUAL)
                self.assertEqual(fault.who, 1)
                self.assertIn("ValueError: boom", str(fault))

    def test_an_agent_that_exits_does_not_end_the_process(self):
        agent = self.agent_file("def step(self): raise SystemExit(3)")
        self.assertEqual(self.fault(GREEDY, EQUAL, agent).who, 2)

    def test_the_innermost_agent_is_to_blame(self):
        boom = self.agent_file("""
            def step(self): raise ValueError("boom")
        """, "inner.py")
        caller = self.agent_file("""
            def step(self):
                import inspect
                frame = inspect.currentframe()
                while "agent" not in frame.f_locals: frame = frame.f_back
                world = frame.f_locals["self"]
                [each.step() for each in world.agents.values() if "My" in each.id and each._obj is not self]
        """, "outer.py")
        self.assertEqual(self.fault(caller, boom).who, 1)

    def test_a_method_that_cannot_be_called_is_charged_by_the_worlds_record(self):
        agent = self.agent_file("def step(self, more): pass")
        self.assertEqual(self.fault(GREEDY, agent).who, 1)

    def test_an_exception_of_a_default_agent_is_nobodys_fault(self):
        boom = self.agent_file("def step(self): raise ValueError('boom')")
        with self.assertRaisesRegex(ValueError, "boom"):
            self.play(GREEDY, default_agents=[boom])

    def test_counted_exceptions_do_not_end_the_world(self):
        agent = self.agent_file("""
            def step(self): raise ValueError("boom")
            def propose(self): raise KeyError("bang")
        """)
        result = self.play(GREEDY, agent, on_exception="count")
        self.assertEqual(result.counters["n_agent_exceptions"], 3)
        self.assertEqual(result.counters["n_negotiator_exceptions"], 3)
        self.assertEqual([each["agent_exceptions"] for each in result.seat_counters], [0, 3])
        self.assertEqual([each["negotiator_exceptions"] for each in result.seat_counters], [0, 3])

    def test_a_world_that_ends_by_itself_is_not_charged_to_an_agent_with_counted_exceptions(self):
        from negmas.world import World

        agent = self.agent_file("def step(self): raise ValueError('boom')")
        step = World.step
        with mock.patch.object(World, "step", lambda self: self.current_step < 2 and step(self)):
            with self.assertRaisesRegex(RuntimeError, "ended by itself after 2 of 3 days"):
                self.play(agent, on_exception="count")

    def test_counted_exceptions_are_shown_up_to_a_limit(self):
        agent = self.agent_file("def step(self): raise ValueError('boom')")
        shown = io.StringIO()
        with contextlib.redirect_stderr(shown):
            self.play(agent, n_steps=25, on_exception="count")
        self.assertEqual(shown.getvalue().count("boom"), 20)
        self.assertIn("(5 more)", shown.getvalue())


class Types(ScmlTest):
    def test_a_type_is_a_class_of_a_package_or_of_a_file_and_gets_its_parameters(self):
        in_file = self.agent_file("pass")
        bonus = {"bonus": 5000}
        for agent in (GREEDY, "scml.oneshot.agents:GreedyAgent", in_file, os.path.abspath(in_file)):
            with self.subTest(agent):
                result = self.play(agent, EQUAL, agent_parameters={0: bonus})
                self.assertGreater(result.scores[0], result.scores[1] + 1)

    def test_files_of_the_same_name_are_told_apart_and_see_their_neighbours(self):
        for folder, bonus in (("a", 3000), ("b", 7000)):
            os.mkdir(folder)
            pathlib.Path(folder, f"neighbour_{folder}.py").write_text(f"BONUS = {bonus}\n")
            self.agent_file(f"""
                def propose(self):
                    from neighbour_{folder} import BONUS
                    return BONUS
            """, f"{folder}/agent.py")
        first, second = self.play("a/agent.py:MyAgent", "b/agent.py:MyAgent").seat_counters
        self.assertAlmostEqual(first["final_balance"] - first["initial_balance"], 9000, delta=1)
        self.assertAlmostEqual(second["final_balance"] - second["initial_balance"], 21000, delta=1)

    def test_a_type_that_is_not_there_is_its_competitors_fault(self):
        pathlib.Path("broken.py").write_text("raise OSError('no licence')")
        self.agent_file("pass")
        for agent, message in (
            ("Greedy", "expected package.Class or file.py:Class"),
            ("missing.py:MyAgent", "missing.py' is not there"),
            ("my_agent.py:YourAgent", "has no class YourAgent"),
            ("scml.oneshot.agents.random", "has no class random"),
            ("no_such_package.MyAgent", "No module named 'no_such_package'"),
            ("broken.py:MyAgent", "OSError: no licence"),
        ):
            with self.subTest(agent):
                fault = self.fault(GREEDY, agent)
                self.assertEqual(fault.who, 1)
                self.assertIn(message, str(fault))


class Program(ScmlTest):
    def test_the_module_serves_its_world_and_worlds_repeat_in_new_processes(self):
        self.assertEqual(self.answers(), self.answers())

    def answers(self):
        to_program, answers = os.pipe(), os.pipe()
        with open(to_program[1], "w") as out, open(answers[0]) as back:
            setup = {
                "type": "setup", "protocol": 1, "parameters": {"n_steps": 3}, "seats": 2,
                "max_message": 1 << 26, "resources": {}, "competitors": [
                    {"name": "Ann", "type": GREEDY, "parameters": {}},
                    {"name": "Bob", "type": EQUAL, "parameters": {}}],
            }
            play = {
                "type": "play", "task": 0, "attempt": 1, "seed": 5, "config_seed": 6,
                "config": 0, "set": 0, "rotation": 0, "run": 0, "seats": [1, 0],
            }
            for message in (setup, play, {"type": "shutdown"}):
                out.write(json.dumps(message) + "\n")
            out.flush()
            # descriptors 3 and 4 by the shell: dup2 here could close what the test runner uses
            command = f"exec {sys.executable} -m joust.scml 3<&{to_program[0]} 4>&{answers[1]}"
            path = os.pathsep.join([str(SDK), *STANDIN_PATHS])
            ended = subprocess.run(
                ["sh", "-c", command], pass_fds=(to_program[0], answers[1]), timeout=60,
                env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True,
            )
            os.close(to_program[0])
            os.close(answers[1])
            self.assertEqual(ended.returncode, 0, ended.stderr)
            lines = [line for line in back if '"progress"' not in line]
        self.assertEqual([json.loads(line)["type"] for line in lines], ["ready", "result"])
        return lines


if __name__ == "__main__":
    unittest.main()
