"""The decorator that makes a function a world, and where the loader finds it again."""

from __future__ import annotations

import os
from typing import Any, Callable, Dict, TypeVar

PlayFunction = Callable[[Any], Any]
_Function = TypeVar("_Function", bound=PlayFunction)

# By the file that the function is written in: another file's world may be imported without harm.
_worlds: Dict[str, PlayFunction] = {}


def world(function: _Function) -> _Function:
    """Say that this function plays a world: it takes a `World` and returns the scores.

    The function stays what it was and can be called as before. A file has one such function.
    """
    if not callable(function) or not hasattr(function, "__code__"):
        raise TypeError(f"@joust.world belongs before a function, not before {function!r}")
    file = function.__code__.co_filename
    other = _worlds.get(file)
    # a module that is loaded again brings the same function at the same place again
    if other is not None and where(other) != where(function):
        raise TypeError(
            f"a file has one world, and here are two: {where(other)} and {where(function)}"
        )
    _worlds[file] = function
    return function


def where(function: PlayFunction) -> str:
    """The name of a function with its file and line, for messages."""
    code = function.__code__
    return f"{function.__name__} ({os.path.basename(code.co_filename)}:{code.co_firstlineno})"


def world_of(file: str, namespace: Dict[str, Any]) -> PlayFunction:
    """The world function of a loaded file: its own, or else one that it has imported."""
    own = _worlds.get(file)
    if own is not None:
        return own
    known = {id(function) for function in _worlds.values()}
    imported = {id(value): value for value in namespace.values() if id(value) in known}
    if len(imported) == 1:
        function: PlayFunction = imported.popitem()[1]
        return function
    if imported:
        names = " and ".join(where(function) for function in imported.values())
        raise LookupError(f"{file} imports several worlds, {names}, and has none of its own")
    raise LookupError(
        f"{file} has no world: write @joust.world before the function that plays one"
    )
