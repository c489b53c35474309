"""A game of chess between two UCI engines. See chess.toml.

There is no chess in this file: a third engine, the judge, knows the rules. UCI has no question for them,
but the answers give them away:

- Is this move legal? `go depth 1 searchmoves MOVE` answers `bestmove (none)` when it is not.
- Is the game over? `go depth 1` answers `bestmove (none)` when there is no legal move; the score before
  it is `mate 0` for mate, and `cp 0` for stalemate.

(Stockfish answers like that; other engines may not: GNU Chess, mated, moves its rook from a1 to a1.)
UCI does not tell of a draw by repetition or by the rule of 50 moves, so a game also ends after `max_plies`;
then the judge's evaluation decides, and a small advantage is a draw.

The engines think to a depth or a number of nodes, and never by the clock, with one thread and without an
opening book: so the same seed is the same game.
"""

import re
import subprocess
import threading

import joust

OPENINGS = (  # what is played before the engines think, chosen by the configuration
    "e2e4 e7e5 g1f3 b8c6 f1b5 a7a6",
    "e2e4 c7c5 g1f3 d7d6 d2d4 c5d4",
    "e2e4 e7e6 d2d4 d7d5 b1c3 g8f6",
    "e2e4 c7c6 d2d4 d7d5 e4e5 c8f5",
    "d2d4 d7d5 c2c4 e7e6 b1c3 g8f6",
    "d2d4 g8f6 c2c4 g7g6 b1c3 f8g7",
    "c2c4 e7e5 b1c3 g8f6 g2g3 d7d5",
    "g1f3 d7d5 g2g3 g8f6 f1g2 c7c6",
)
WIN, DRAW, LOSS = 1.0, 0.5, 0.0


class EngineFailed(Exception):
    """An engine ended, or was silent for too long."""


class Engine:
    """A UCI engine: a program that answers lines with lines. It ends with the `with` block."""

    def __init__(self, command, options, patience):
        self.name = command[0]
        self._patience = patience  # seconds for one answer
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        for line in self.ask("uci", "uciok"):
            if line.startswith("id name "):
                self.name = line[len("id name ") :]
        for option, value in options.items():
            value = str(value).lower() if isinstance(value, bool) else value
            self.tell(f"setoption name {option} value {value}")
        self.tell("ucinewgame")
        self.ask("isready", "readyok")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._process.kill()
        self._process.communicate()

    def tell(self, line):
        try:
            self._process.stdin.write(line + "\n")
        except BrokenPipeError:
            raise EngineFailed(f"{self.name} has ended") from None

    def ask(self, line, last):
        """Say a line; the lines of the answer, up to the one that begins with `last`."""
        self.tell(line)
        answer = []
        alarm = threading.Timer(self._patience, self._process.kill)
        alarm.start()
        try:
            for text in self._process.stdout:
                answer.append(text.strip())
                if text.startswith(last):
                    return answer
        finally:
            alarm.cancel()
        raise EngineFailed(f"{self.name} ended or was too slow; it was asked: {line}")

    def think(self, moves, how):
        """The best move after these moves, and its score as in `cp 13` or `mate -2`."""
        self.tell("position startpos moves " + " ".join(moves))
        answer = self.ask(f"go {how}", "bestmove")
        scores = re.findall(r"\bscore (cp|mate) (-?\d+)", "\n".join(answer))
        return answer[-1].split()[1], scores[-1] if scores else ("cp", "0")


@joust.world
def play(world):
    """One game; seat 0 is white."""
    patience = world.parameters.get("patience", 60)
    judge = world.parameters["judge"]
    with Engine(judge["command"], judge.get("options", {}), patience) as judge:
        engines = []
        try:
            for competitor in world.competitors:
                engines.append(start(competitor, patience))
            return game(world, engines, judge)
        finally:
            for engine in engines:
                engine.__exit__()


def start(competitor, patience):
    options = competitor.parameters.get("options", {})
    try:
        return Engine(competitor.parameters["command"], options, patience)
    except (EngineFailed, OSError, KeyError) as error:
        raise joust.CompetitorFault(competitor, f"its engine does not start: {error}") from error


def game(world, engines, judge):
    max_plies = world.parameters.get("max_plies", 240)
    moves = OPENINGS[world.config % len(OPENINGS)].split()
    scores, ending = None, "adjudicated"
    while scores is None and len(moves) < max_plies:
        world.progress(len(moves), max_plies)
        seat = len(moves) % 2
        move = next_move(world.competitors[seat], engines[seat], moves)
        if judge.think(moves, f"depth 1 searchmoves {move}")[0] != move:
            scores, ending = won_by(1 - seat), "illegal moves"
        moves.append(move)
        if scores is None:
            answer, score = judge.think(moves, "depth 1")
            if answer == "(none)":
                mated = score[0] == "mate"
                scores, ending = (won_by(seat), "mates") if mated else ([DRAW, DRAW], "stalemates")
    if scores is None:
        scores = adjudicated(world, judge, moves)
    names = [engine.name for engine in engines]
    counters = {"plies": len(moves), ending: 1}
    return joust.Result(scores, names=names, counters=counters, payload=" ".join(moves))


def next_move(competitor, engine, moves):
    try:
        return engine.think(moves, competitor.parameters.get("go", "depth 1"))[0]
    except EngineFailed as error:
        raise joust.CompetitorFault(competitor, str(error)) from error


def adjudicated(world, judge, moves):
    """The scores of an unfinished game, from the judge's evaluation for the side that is to move."""
    kind, value = judge.think(moves, world.parameters["judge"].get("go", "depth 12"))[1]
    if kind == "cp" and abs(int(value)) < world.parameters.get("draw_below", 150):  # centipawns
        return [DRAW, DRAW]
    to_move = len(moves) % 2
    return won_by(to_move if int(value) > 0 else 1 - to_move)


def won_by(seat):
    return [WIN, LOSS] if seat == 0 else [LOSS, WIN]
