"""Agents for joust's own worlds, in Python: each plays a competitor in a process of its own.

An agent is a function or a class in a file of its own::

    from joust import agent

    @agent.prisoners_dilemma
    def tit_for_tat(game):
        return game.theirs[-1] if game.theirs else "C"

joust runs it with ``command = ["python3", "-m", "joust.agent", "my_agent.py"]`` at a ``[[competitor]]``.
What an agent prints is kept with a world that fails. An exception costs it the world that is being
played, and its traceback is in the report.
"""

from __future__ import annotations

import sys
from typing import List

from ._agent_register import oneshot, prisoners_dilemma, standard
from ._dilemma_agent import DilemmaGame
from ._scml_agent import ACCEPT, END, Desk, Issue, Issues, Offer, ScmlGame, Talk, Terms

__all__ = [
    "ACCEPT",
    "END",
    "Desk",
    "DilemmaGame",
    "Issue",
    "Issues",
    "Offer",
    "ScmlGame",
    "Talk",
    "Terms",
    "oneshot",
    "prisoners_dilemma",
    "standard",
]

_USAGE = "usage: python3 -m joust.agent my_agent.py [ARGUMENT...]"


def _main(arguments: List[str]) -> int:
    """Check how the program was started, then serve. The agent sees its arguments in sys.argv."""
    from ._agent_serve import serve
    from ._start import refusal

    code = refusal(arguments, _USAGE, "the 'command' of a [[competitor]]")
    if code is not None:
        return code
    sys.argv = arguments
    return serve(arguments[0])


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
