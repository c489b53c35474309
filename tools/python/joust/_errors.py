"""Failures: whose fault they are, and how they are told in a text of limited size."""

from __future__ import annotations

import os
import traceback
from types import TracebackType
from typing import Iterator, List, Optional, Union

from ._setup import Competitor

MAX_TEXT = 4000  # bytes of an error's text
MAX_HEADLINE = 1500  # bytes of it that the message may take
_OMITTED = "[...]"
_FOLDER = os.path.dirname(os.path.abspath(__file__))


class CompetitorFault(Exception):
    """The world cannot be played to its end, and one competitor is to blame.

    `who` is a seat (counted from 0), a `Competitor` of this world, or its name. The failure is
    charged to that competitor.
    """

    def __init__(self, who: Union[int, str, Competitor], text: str) -> None:
        super().__init__(text)
        self.who = who
        self.text = text

    def __str__(self) -> str:
        return str(self.text)


def describe(error: BaseException) -> str:
    """What went wrong, in at most `MAX_TEXT` bytes: the message, then the innermost frames."""
    headline = shorten_end(_headline(error), MAX_HEADLINE)
    room = MAX_TEXT - len(_encode(headline)) - 1
    return f"{headline}\n{shorten_start(_frames(error), room)}".rstrip("\n")


def shorten_end(text: str, room: int) -> str:
    """The text, or its beginning and a mark: at most `room` bytes of UTF-8."""
    encoded = _encode(text)
    if len(encoded) <= room:
        return encoded.decode()
    return encoded[: room - len(_OMITTED) - 1].decode("utf-8", "ignore") + " " + _OMITTED


def shorten_start(text: str, room: int) -> str:
    """The text, or a mark and its last lines: at most `room` bytes of UTF-8."""
    encoded = _encode(text)
    if len(encoded) <= room:
        return encoded.decode()
    rest = encoded[len(encoded) - room + len(_OMITTED) + 1 :].decode("utf-8", "ignore")
    line_end = rest.find("\n")
    if 0 <= line_end < len(rest) // 2:
        rest = rest[line_end + 1 :]
    return f"{_OMITTED}\n{rest}"


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _headline(error: BaseException) -> str:
    try:
        message = str(error)
    except Exception:  # an exception whose own __str__ fails is told without it
        message = "(its message cannot be printed)"
    if isinstance(error, CompetitorFault):
        return message
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ not in ("builtins", "__main__"):
        name = f"{kind.__module__}.{name}"
    return f"{name}: {message}" if message else name


def _frames(error: BaseException) -> str:
    report = traceback.TracebackException(type(error), error, error.__traceback__)
    for part in _chain(report):
        own = [frame for frame in part.stack if not _is_internal(frame.filename)]
        part.stack = traceback.StackSummary.from_list(own)
    lines = list(report.format())
    if not getattr(report, "exceptions", None):  # a group of exceptions is formatted as a tree
        # the last lines repeat the message, which may be longer than all frames
        del lines[-len(list(report.format_exception_only())) :]
    if lines[-1:] == ["Traceback (most recent call last):\n"]:
        del lines[-1]
    return "".join(lines)


def _chain(report: traceback.TracebackException) -> Iterator[traceback.TracebackException]:
    waiting: List[Optional[traceback.TracebackException]] = [report]
    while waiting:
        part = waiting.pop()
        if part is not None:
            yield part
            waiting += [part.__cause__, part.__context__]
            waiting += getattr(part, "exceptions", None) or []


def _is_internal(file: str) -> bool:
    return (os.path.dirname(file) == _FOLDER and os.path.basename(file).startswith("_")) or (
        file.startswith("<frozen importlib") or file.startswith("<frozen runpy")
    )


def own_traceback(trace: Optional[TracebackType]) -> Optional[TracebackType]:
    """The traceback without the frames of joust and of the import machinery at its start."""
    while trace is not None and _is_internal(trace.tb_frame.f_code.co_filename):
        trace = trace.tb_next
    return trace
