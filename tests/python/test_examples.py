"""The examples and the world in the README, played without joust."""

import ast
import pathlib
import subprocess
import unittest

from support import EXAMPLES, SDK, WorldTest

STOCKFISH = {"command": ["/usr/games/stockfish"], "go": "nodes 100",
             "options": {"Threads": 1, "Hash": 16}}
GNUCHESS = {"command": ["/usr/games/gnuchess", "--uci"], "go": "depth 2",
            "options": {"Hash": 16, "OwnBook": False}}
JUDGE = {"command": ["/usr/games/stockfish"], "go": "depth 6", "options": {"Threads": 1, "Hash": 16}}


def installed(*engines):
    return all(pathlib.Path(engine["command"][0]).exists() for engine in engines)


class Examples(WorldTest):
    def test_the_dilemma_is_deterministic_for_every_pair(self):
        file = EXAMPLES / "dilemma.py"
        names = ["Cooperator", "Defector", "TitForTat", "Grudger", "Random"]
        for first, second in zip(names, names[1:] + names[:1]):
            done = self.run_module(
                "joust.check", file, "--competitor", first, "--competitor", second)
            self.assertEqual(done.returncode, 0, done.stdout)

    def test_the_dilemma_pays_as_it_should(self):
        program = self.program(EXAMPLES / "dilemma.py").start(parameters={"rounds": 10}, competitors=[
            {"name": name, "type": name, "parameters": {}} for name in ("TitForTat", "Defector")])
        self.assertEqual(program.play(seats=[0, 1])["scores"], [0.9, 1.4])
        self.assertEqual(program.play(seats=[0, 0])["scores"], [3, 3])

    def test_the_readme_has_a_world_that_works(self):
        text = (SDK / "README.md").read_text(encoding="utf-8")
        source = text.partition("```python\n")[2].partition("```")[0]
        ast.parse(source)
        done = self.run_module(
            "joust.check", self.write(source, "auction.py"),
            "--competitor", 'Ann:shading:{"share":0.5}', "--competitor", 'Bob:shading:{"share":0.7}')
        self.assertEqual(done.returncode, 0, done.stdout)

    def pig(self, *arguments):
        done = subprocess.run(["bash", EXAMPLES / "oneshot.sh", *map(str, arguments)],
                              capture_output=True, text=True, check=True)
        return done.stdout

    def test_the_game_in_bash_has_one_winner_and_depends_on_its_arguments_alone(self):
        for seed in (0, 1, 2**31 - 1, 2**53 - 1, 5187436124019):
            output = self.pig(seed, 20, 25)
            self.assertEqual(self.pig(seed, 20, 25), output)
            scores = dict(line.split(",") for line in output.splitlines() if "," in line)
            self.assertEqual(sorted(scores), ["0", "1"])
            self.assertEqual(sorted(scores.values()), ["0", "1"])

    def test_holding_at_20_beats_never_holding(self):
        wins = sum("0,1" in self.pig(seed, 20, 100) for seed in range(40))
        self.assertGreater(wins, 20)


@unittest.skipUnless(installed(STOCKFISH, GNUCHESS), "stockfish and gnuchess are not installed")
class Chess(WorldTest):
    def game(self, white, black, **parameters):
        entrants = [{"name": "White", "type": "uci", "parameters": white},
                    {"name": "Black", "type": "uci", "parameters": black}]
        program = self.program(EXAMPLES / "chess.py").start(
            parameters={"judge": JUDGE, **parameters}, competitors=entrants)
        return program.play(seats=[0, 1])

    def test_two_engines_play_the_same_game_again(self):
        results = [self.game(STOCKFISH, GNUCHESS, max_plies=40) for _ in range(2)]
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0]["type"], "result", results[0])
        self.assertEqual(len(results[0]["payload"].split()), results[0]["counters"]["plies"])
        self.assertEqual(sum(results[0]["scores"]), 1)
        self.assertIn("Stockfish", results[0]["names"][0])
        self.assertIn("GNU Chess", results[0]["names"][1])

    def scripted(self, *moves):
        """An engine that plays these moves, one after the other, and then says nothing more."""
        script = self.write(f"""
            import sys
            moves = {list(moves)!r}
            for line in sys.stdin:
                if line.startswith("uci\\n"): print("uciok", flush=True)
                if line.startswith("isready"): print("readyok", flush=True)
                if line.startswith("go"):
                    if not moves: break
                    print("bestmove", moves.pop(0), flush=True)
        """, f"engine{len(list(self.folder.iterdir()))}.py")
        return {"command": ["python3", str(script)]}

    def test_an_illegal_move_loses(self):
        result = self.game(self.scripted("a1a8"), GNUCHESS)
        self.assertEqual(result["scores"], [0, 1])
        self.assertEqual(result["counters"]["illegal moves"], 1)

    def test_an_engine_that_ends_is_charged(self):
        answer = self.game(STOCKFISH, self.scripted())
        self.assertEqual((answer["type"], answer["seat"]), ("error", 1))
        self.assertIn("ended or was too slow", answer["text"])

    def test_an_engine_that_is_not_there_is_charged(self):
        answer = self.game({"command": ["/nowhere/at/all"]}, GNUCHESS)
        self.assertEqual((answer["type"], answer["seat"]), ("error", 0))
        self.assertIn("/nowhere/at/all", answer["text"])


if __name__ == "__main__":
    unittest.main()
