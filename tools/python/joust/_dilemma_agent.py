"""Agents of the iterated prisoner's dilemma."""

from __future__ import annotations

import inspect
import reprlib
from typing import Any, Dict, List

from ._agent_game import Game, make


class DilemmaGame(Game):
    """One match, as an agent sees it: what `Game` has, and the moves so far.

    mine, theirs: the moves of all rounds played, "C" or "D", as they were made (noise may have turned
        one into its opposite).
    """

    def __init__(self, setup: Dict[str, Any], message: Dict[str, Any]) -> None:
        super().__init__(setup, message)
        self.mine: List[str] = []
        self.theirs: List[str] = []

    @property
    def round(self) -> int:
        """The number of the round to be played, counted from 0."""
        return len(self.mine)


class DilemmaPlayer:
    """Answers the messages of one world."""

    def __init__(self, agent: Any, setup: Dict[str, Any], message: Dict[str, Any]) -> None:
        self._game = DilemmaGame(setup, message)
        self._choose = make(agent, self._game).choose if inspect.isclass(agent) else agent
        self._name = agent.__qualname__

    def begin(self) -> Dict[str, Any]:
        """What is added to the answer to `begin`."""
        return {}

    def answer(self, message: Dict[str, Any]) -> Dict[str, Any]:
        """What is added to the answer to any other message."""
        if message["type"] != "round":
            return {}
        game = self._game
        if "mine" in message:
            game.mine.append(message["mine"])
            game.theirs.append(message["theirs"])
        move = self._choose(game)
        if move not in ("C", "D"):
            raise ValueError(f'{self._name} returned {reprlib.repr(move)}: a move is "C" or "D"')
        return {"move": move}
