"""Agents: the handshake, the moves, and what becomes of their mistakes."""

import inspect
import sys
import unittest

from support import SDK, Program, WorldTest

sys.dont_write_bytecode = True
sys.path.insert(0, str(SDK))

from joust import agent  # noqa: E402

SETUP = {
    "type": "setup", "protocol": 1, "world": "prisoners-dilemma", "move_deadline": 2.0,
    "parameters": {"rounds": 3, "noise": 0.0},
    "competitor": {"name": "Ann", "type": "program", "parameters": {"mood": [7]}},
}
BEGIN = {"type": "begin", "n": 1, "seed": 5187436124019, "seed64": "10623869181991873", "seat": 0}
ONESHOT = {**BEGIN, "factories": 4, "lines": 10, "rounds": 20, "days": 50, "reference_quirks": True,
           "partner_rank": [0, 1, 2, 3]}
DESK = {
    "factory": 1, "level": 0, "levels": 2, "days": 50, "rounds": 20, "competitors": 1,
    "perishable": True, "suppliers": 0, "consumers": 2, "raw_supply": 20, "final_demand": 15,
    "supplies": 0, "sales": 0, "future_supplies": [], "future_sales": [],
    "input_issues": {"quantity": [0, 0], "day": [0, 0], "unit_price": [0, 0]},
    "output_issues": {"quantity": [1, 10], "day": [3, 3], "unit_price": [12, 18]},
    "terms": {
        "day": 3, "lines": 10, "balance": 1000.5, "production_cost": 2.0, "disposal_cost": 0.1,
        "storage_cost": 0.0, "shortfall_penalty": 0.5, "own_price_scale": False,
        "input_price": 10.0, "output_price": 15.0, "exogenous_in": 8, "exogenous_in_price": 80.0,
        "exogenous_out": 0, "exogenous_out_price": 0.0, "inventory_in": 0, "inventory_out": 0,
    },
}


class AgentTest(WorldTest):
    def agent(self, source, name="my_agent.py"):
        return self.write("from joust import agent\n" + inspect.cleandoc(source), name)

    def program(self, file, *arguments):
        program = Program(file, arguments, "joust.agent")
        self.addCleanup(program.close)
        return program

    def started(self, source, **setup):
        return self.program(self.agent(source)).start(**{**SETUP, **setup})

    def begun(self, source, **setup):
        program = self.started(source, **setup)
        begin = BEGIN if setup.get("world", "prisoners-dilemma") == "prisoners-dilemma" else ONESHOT
        self.ask(program, begin)
        return program

    def ask(self, program, message):
        program.send(message)
        answer = program.receive()
        self.assertEqual(answer["n"], message["n"], answer)
        return answer

    def move(self, program, n, *last):
        message = {"type": "round", "n": n}
        if last:
            message.update(mine=last[0], theirs=last[1])
        return self.ask(program, message)


class Protocol(AgentTest):
    TIT_FOR_TAT = """
        @agent.prisoners_dilemma
        def choose(game):
            return game.theirs[-1] if game.theirs else "C"
    """

    def test_an_agent_answers_every_message_with_a_number_and_no_other(self):
        program = self.begun(self.TIT_FOR_TAT)
        self.assertEqual(self.move(program, 2), {"type": "answer", "n": 2, "move": "C"})
        program.send({"type": "news", "text": "?"})
        self.assertEqual(self.move(program, 3, "C", "D"), {"type": "answer", "n": 3, "move": "D"})
        self.assertEqual(self.ask(program, {"type": "novelty", "n": 4}), {"type": "answer", "n": 4})
        program.send({"type": "end"})
        program.send({"type": "shutdown"})
        self.assertEqual(program.wait(), 0)
        self.assertEqual(program.output, "")

    def test_it_ends_with_0_when_joust_hangs_up(self):
        for source in (None, self.TIT_FOR_TAT):
            program = self.begun(source) if source else self.program(self.agent(self.TIT_FOR_TAT))
            program.hang_up()
            self.assertEqual(program.wait(), 0)

    def test_each_world_begins_anew(self):
        program = self.begun("""
            @agent.prisoners_dilemma
            class Counting:
                def __init__(self, game):
                    self.count = 0
                    assert game.mine == [] and game.round == 0

                def choose(self, game):
                    self.count += 1
                    return "C" if self.count == 1 else "D"
        """)
        for _ in range(3):
            self.assertEqual(self.move(program, 2)["move"], "C")
            self.assertEqual(self.move(program, 3, "C", "C")["move"], "D")
            program.send({"type": "end"})
            self.ask(program, BEGIN)

    def test_what_is_random_comes_from_the_seed(self):
        program = self.begun("""
            import random
            @agent.prisoners_dilemma
            def choose(game):
                print(game.rng.random(), random.random(), game.seed)
                return "C"
        """)
        for _ in range(2):
            self.move(program, 2)
            self.ask(program, BEGIN)
        first, second = program.output.splitlines()
        self.assertEqual(first, second)
        self.assertIn("5187436124019", first)

    def test_an_agent_knows_who_it_is_and_the_rules(self):
        program = self.begun("""
            @agent.prisoners_dilemma
            def choose(game):
                game.parameters["mood"].append(game.rules["rounds"])
                assert (game.name, game.seat, game.parameters) == ("Ann", 0, {"mood": [7]})
                assert game.rules == {"rounds": 3, "noise": 0.0}
                return "D"
        """)
        self.assertEqual(self.move(program, 2)["move"], "D")

    def test_whatever_it_prints_does_not_touch_the_protocol(self):
        program = self.begun("""
            import os
            @agent.prisoners_dilemma
            def choose(game):
                print('{"type":"answer","n":2,"move":"D"}')
                os.write(1, b"x" * 1_000_000)
                os.system("echo from a shell")
                return "C"
        """)
        self.assertEqual(self.move(program, 2)["move"], "C")
        self.assertIn("from a shell", program.output)


class Mistakes(AgentTest):
    def test_an_exception_is_told_with_its_place_and_the_program_stays(self):
        program = self.begun("""
            @agent.prisoners_dilemma
            def choose(game):
                if game.round == 1:
                    raise KeyError("no plan")
                return "C"
        """)
        self.assertEqual(self.move(program, 2)["move"], "C")
        error = self.move(program, 3, "C", "D")
        self.assertEqual(error["type"], "error")
        self.assertTrue(error["text"].startswith("KeyError: 'no plan'\n"), error)
        self.assertIn('my_agent.py", line 5, in choose', error["text"])
        self.assertNotIn("_agent_serve", error["text"])
        program.send({"type": "end"})
        self.ask(program, BEGIN)
        self.assertEqual(self.move(program, 2)["move"], "C")

    def test_an_exception_at_the_beginning_of_a_world_is_an_error_too(self):
        program = self.started("""
            @agent.prisoners_dilemma
            class Broken:
                def __init__(self, game):
                    raise RuntimeError("not today")
                def choose(self, game):
                    return "C"
        """)
        error = self.ask(program, BEGIN)
        self.assertTrue(error["text"].startswith("RuntimeError: not today\n"), error)

    def test_exit_in_an_agent_costs_its_world_only(self):
        program = self.begun("""
            import sys
            @agent.prisoners_dilemma
            def choose(game):
                sys.exit(3)
        """)
        self.assertEqual(self.move(program, 2)["text"].partition("\n")[0], "SystemExit: 3")
        self.assertEqual(self.ask(program, BEGIN), {"type": "answer", "n": 1})

    def test_a_move_that_there_is_not_is_told(self):
        program = self.begun("""
            @agent.prisoners_dilemma
            def choose(game):
                return None
        """)
        self.assertIn('choose returned None: a move is "C" or "D"', self.move(program, 2)["text"])

    def refusal(self, source, **setup):
        program = self.program(self.agent(source))
        program.send({**SETUP, **setup})
        error = program.receive()
        self.assertEqual(error["type"], "error")
        self.assertEqual(program.wait(), 1)
        self.assertIn("Error: ", program.output)
        return error["text"]

    def test_a_file_that_cannot_play_says_why(self):
        one = "@agent.prisoners_dilemma\ndef a(game): return 'C'\n"
        self.assertIn("division by zero", self.refusal("1 / 0"))
        self.assertIn("has no agent for prisoners-dilemma: write @agent.prisoners_dilemma before one",
                      self.refusal("x = 1"))
        self.assertIn("has no agent for scml-oneshot", self.refusal(one, world="scml-oneshot"))
        self.assertIn("no agents for the world chess", self.refusal(one, world="chess"))
        self.assertIn("joust speaks version 2", self.refusal(one, protocol=2))
        self.assertIn("here are two: a and b", self.refusal(one + one.replace("def a", "def b")))
        self.assertIn("needs a method 'choose'", self.refusal("@agent.prisoners_dilemma\nclass A: pass"))
        self.assertIn("needs a method 'act'", self.refusal("@agent.oneshot\nclass A: pass"))
        self.assertIn("belongs before a class", self.refusal("@agent.oneshot\ndef act(desk): pass"))

    def test_by_hand_it_says_how_it_is_meant_to_be_started(self):
        done = self.run_module("joust.agent", self.agent("x = 1"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("the 'command' of a [[competitor]]", done.stderr)
        self.assertEqual(self.run_module("joust.agent").returncode, 2)
        self.assertEqual(self.run_module("joust.agent", self.folder / "none.py").returncode, 1)


class OneShot(AgentTest):
    def started(self, source, **setup):
        return super().started(source, **{"world": "scml-oneshot", **setup})

    def begun(self, source, **setup):
        return super().begun(source, **{"world": "scml-oneshot", **setup})

    def day(self, program, n, **desk):
        self.assertEqual(
            self.ask(program, {"type": "begin_day", "n": n, "desk": {**DESK, **desk}}),
            {"type": "answer", "n": n})

    def act(self, program, n, *talks, supplies=0, sales=0):
        return self.ask(program, {"type": "act", "n": n, "supplies": supplies, "sales": sales,
                                  "talks": list(talks)})

    def test_a_synchronous_agent_says_so(self):
        for line, value in (("synchronous = True", True), ("pass", False)):
            program = self.started(f"""
                @agent.oneshot
                class Agent:
                    {line}
                    def act(self, desk, talks): return []
            """)
            self.assertEqual(self.ask(program, ONESHOT)["synchronous"], value)

    def test_an_agent_sees_its_desk_and_its_talks(self):
        program = self.begun("""
            @agent.oneshot
            class Agent:
                def __init__(self, game):
                    assert (game.factories, game.lines, game.rounds, game.days) == (4, 10, 20, 50)
                    self.agreed = []
                def begin_day(self, desk):
                    assert desk.terms.day == 3 and desk.terms.balance == 1000.5
                    assert desk.first_level and not desk.last_level
                    assert desk.issues(True).quantity.high == 10
                    assert desk.needed(selling=True) == 8 and desk.needed(selling=False) == 0
                def on_agreement(self, desk, partner, selling, offer):
                    self.agreed.append((desk.sales, partner, selling, offer.quantity))
                def act(self, desk, talks):
                    print(self.agreed, desk.sales, desk.needed(True))
                    first, second, third = talks
                    assert first.offer is None and second.offer == agent.Offer(5, 3, 14)
                    return [agent.Offer(4, 3, 18), agent.ACCEPT, agent.END]
        """)
        self.day(program, 2)
        self.ask(program, {"type": "agreement", "n": 3, "supplies": 0, "sales": 5, "partner": 2,
                           "selling": True, "offer": [5, 3, 15]})
        talk = {"partner": 3, "round": 0, "selling": True}
        answer = self.act(program, 4, talk, {**talk, "offer": [5, 3, 14]}, talk, sales=5)
        self.assertEqual(answer["replies"], [[4, 3, 18], "accept", "end"])
        self.assertEqual(program.output, "[(5, 2, True, 5)] 5 3\n")

    def test_replies_that_there_are_not_are_told(self):
        for returned, text in (("None", "must return a list with a reply to each of 1 talks"),
                               ("[1, 2]", "must return a list"), ("['yes']", "a reply is ACCEPT, END"),
                               ("[(1, 2)]", "a reply is ACCEPT, END")):
            program = self.begun(f"""
                @agent.oneshot
                class Agent:
                    def act(self, desk, talks): return {returned}
            """)
            self.day(program, 2)
            error = self.act(program, 3, {"partner": 3, "round": 0, "selling": True})
            self.assertEqual(error["type"], "error")
            self.assertIn(text, error["text"])


class Standard(OneShot):
    """All that OneShot has, and later days."""

    def started(self, source, **setup):
        both = source.replace("@agent.oneshot", "@agent.standard")
        return AgentTest.started(self, both, **{"world": "scml-std", **setup})

    def begun(self, source, **setup):
        both = source.replace("@agent.oneshot", "@agent.standard")
        return AgentTest.begun(self, both, **{"world": "scml-std", **setup})

    def test_an_agent_sees_what_is_agreed_on_for_later_days(self):
        program = self.begun("""
            @agent.standard
            @agent.oneshot
            class Agent:
                def begin_day(self, desk):
                    print([desk.agreed_on(day, selling=True) for day in range(2, 7)])
                def on_agreement(self, desk, partner, selling, offer):
                    print(desk.future_supplies, desk.agreed_on(5, selling=False))
                def act(self, desk, talks):
                    print(desk.future_sales)
                    return [agent.END]
        """)
        self.day(program, 2, sales=7, future_supplies=[0, 1], future_sales=[8, 9])
        self.ask(program, {"type": "agreement", "n": 3, "supplies": 0, "sales": 7, "partner": 2,
                           "future_supplies": [0, 4], "future_sales": [8, 9],
                           "selling": False, "offer": [3, 5, 15]})
        self.ask(program, {"type": "act", "n": 4, "supplies": 0, "sales": 7, "future_supplies": [0, 4],
                           "future_sales": [6, 9], "talks": [{"partner": 3, "round": 0, "selling": True}]})
        self.assertEqual(program.output, "[0, 7, 8, 9, 0]\n[0, 4] 4\n[6, 9]\n")


class Documentation(AgentTest):
    def test_everything_public_is_documented(self):
        for name in agent.__all__:
            thing = getattr(agent, name)
            self.assertTrue(isinstance(thing, str) or inspect.getdoc(thing), f"{name} has no docstring")
            for member, value in vars(thing).items() if inspect.isclass(thing) else ():
                if not member.startswith("_") and (inspect.isfunction(value) or isinstance(value, property)):
                    self.assertTrue(inspect.getdoc(value), f"{name}.{member} has no docstring")

    def test_the_readme_has_agents_that_work(self):
        section = (SDK / "README.md").read_text(encoding="utf-8").partition("## Agents")[2]
        blocks = [part.partition("```")[0] for part in section.split("```python\n")[1:]]
        self.assertEqual(len(blocks), 2)
        program = self.program(self.write(blocks[0])).start(**SETUP)
        self.ask(program, BEGIN)
        self.assertEqual(self.move(program, 2)["move"], "C")
        program = self.program(self.write(blocks[1], "other.py")).start(**{**SETUP, "world": "scml-oneshot"})
        self.ask(program, ONESHOT)
        self.ask(program, {"type": "begin_day", "n": 2, "desk": DESK})
        talk = {"partner": 2, "round": 0, "selling": True}
        answer = self.ask(program, {"type": "act", "n": 3, "supplies": 0, "sales": 0, "talks": [talk]})
        self.assertEqual(answer["type"], "answer", answer)

    def test_the_protocol_page_has_an_agent_without_a_library_that_works(self):
        page = (SDK.parents[1] / "worker/worlds/agents/README.md").read_text(encoding="utf-8")
        source = page.partition("```python\n")[2].partition("```")[0]
        program = Program(self.write(source, "bare.py"), module=None)
        self.addCleanup(program.close)
        program.start(**SETUP)
        self.ask(program, BEGIN)
        self.assertEqual(self.move(program, 2)["move"], "C")
        self.assertEqual(self.move(program, 3, "C", "D")["move"], "D")
        program.send({"type": "end"})
        program.hang_up()
        self.assertEqual(program.wait(), 0)
        self.assertEqual(program.output, "")


if __name__ == "__main__":
    unittest.main()
