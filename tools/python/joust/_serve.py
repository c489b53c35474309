"""The program that joust starts: answers every play with a result or an error, until shutdown."""

from __future__ import annotations

import traceback
from typing import Any, Dict, Optional

from . import _stacks
from ._errors import MAX_TEXT, CompetitorFault, describe, own_traceback, shorten_end
from ._loader import load
from ._register import PlayFunction, where
from ._result import result_line
from ._setup import PROTOCOL, Setup
from ._start import capture_logging, flush
from ._wire import READ_FROM, WRITE_TO, Connection, message_line
from ._world import World, seed_everything


def serve(file: str) -> int:
    """Speak the world protocol on descriptors 3 and 4. Returns the exit code."""
    connection = Connection(READ_FROM, WRITE_TO)
    _stacks.provide()
    message = connection.receive()
    if message is None:
        return 0
    try:
        setup = Setup(message)
        play = load(file)
    except Exception as error:
        traceback.print_exception(type(error), error, own_traceback(error.__traceback__))
        return 1
    capture_logging()
    flush()
    connection.send(message_line({"type": "ready", "protocol": PROTOCOL}))
    while True:
        message = connection.receive()
        if message is None or message["type"] == "shutdown":
            return 0
        if message["type"] != "play":
            raise ValueError(f"unknown message from joust: {message['type']!r}")
        play_one(play, World(setup, connection, message))


def play_one(play: PlayFunction, world: World) -> None:
    """Play one world and send its result or error."""
    seed_everything(world.seed)
    try:
        returned = play(world)
    except BaseException as error:
        # sys.exit() in an agent's code ends the world, not us; in a child that it forked, the child
        if isinstance(error, KeyboardInterrupt) or world._connection.left:
            raise
        line = _error_line(error, world)
    else:
        try:
            line = result_line(returned, world)
        except Exception as error:  # mostly ours; float() and len() may run code of the world's
            text = f"{where(play)}: {error}"
            line = message_line(_error(shorten_end(text, MAX_TEXT), world))
    flush()  # joust keeps what was printed before the result with this world
    world._finish(line)


def _error(text: str, world: World) -> Dict[str, Any]:
    return {"type": "error", "task": world.task, "text": text}


def _error_line(error: BaseException, world: World) -> bytes:
    message = _error(describe(error), world)
    if isinstance(error, CompetitorFault):
        seat: Optional[int] = world._seat_of(error.who)
        if seat is not None:
            message["seat"] = seat
        else:
            text = f"{error.text} (blamed is {error.who!r}, who is not seated here)"
            message["text"] = describe(CompetitorFault(-1, text).with_traceback(error.__traceback__))
    return message_line(message)
