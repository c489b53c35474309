"""The program that joust starts for an agent: answers every message, until shutdown."""

from __future__ import annotations

import traceback
from typing import Any, Dict, Optional, Union

from . import _stacks
from ._agent_register import DILEMMA, agent_of
from ._dilemma_agent import DilemmaPlayer
from ._errors import describe, own_traceback
from ._loader import run
from ._scml_agent import ScmlPlayer
from ._start import capture_logging, flush
from ._wire import READ_FROM, WRITE_TO, Connection, message_line
from ._world import seed_everything

PROTOCOL = 1

_Player = Union[DilemmaPlayer, ScmlPlayer]


def serve(file: str) -> int:
    """Speak the agents' protocol on descriptors 3 and 4. Returns the exit code."""
    connection = Connection(READ_FROM, WRITE_TO)
    _stacks.provide()
    setup = connection.receive()
    if setup is None:
        return 0
    try:
        if setup.get("protocol") != PROTOCOL:
            raise ValueError(
                f"joust speaks version {setup.get('protocol')!r} of the agents' protocol, this package"
                f" version {PROTOCOL}: install the one that came with your joust"
            )
        run(file)
        agent = agent_of(file, setup["world"])
    except Exception as error:
        traceback.print_exception(type(error), error, own_traceback(error.__traceback__))
        connection.send(message_line({"type": "error", "text": describe(error)}))
        return 1
    capture_logging()
    flush()
    connection.send(message_line({"type": "ready", "protocol": PROTOCOL}))
    return _play(connection, agent, setup)


def _play(connection: Connection, agent: Any, setup: Dict[str, Any]) -> int:
    player: Optional[_Player] = None
    while True:
        message = connection.receive()
        if message is None or message["type"] == "shutdown":
            return 0
        if "n" not in message:
            continue
        answer: Dict[str, Any] = {"type": "answer", "n": message["n"]}
        try:
            if message["type"] == "begin":
                player = _begin(agent, setup, message)
                answer.update(player.begin())
            elif player is not None:
                answer.update(player.answer(message))
        except BaseException as error:
            # sys.exit() in an agent's code ends its world, not us; in a child that it forked, the child
            if isinstance(error, KeyboardInterrupt) or connection.left:
                raise
            answer = {"type": "error", "n": message["n"], "text": describe(error)}
        flush()  # joust keeps what was printed before an answer with that world
        connection.send(message_line(answer))


def _begin(agent: Any, setup: Dict[str, Any], message: Dict[str, Any]) -> _Player:
    seed_everything(message["seed"])
    if setup["world"] == DILEMMA:
        return DilemmaPlayer(agent, setup, message)
    return ScmlPlayer(agent, setup, message)
