"""Why two plays of one world may differ, and how they do."""

from __future__ import annotations

import io
import re
import tokenize
from typing import Any, Iterator, List, Sequence, Tuple

# What makes a world depend on more than its seed, as it is written, and how it is called in a hint.
_SUSPECTS: Sequence[Tuple[str, str]] = (
    (r"\btime\.(time|monotonic|perf_counter|process_time)(_ns)?\b", "the time"),
    (r"\b(datetime|date)\.(now|utcnow|today)\b", "the date"),
    (r"\bRandom\(\)", "a random generator without a seed"),
    (r"\bdefault_rng\(\)|\bRandomState\(\)", "a numpy generator without a seed"),
    (r"\bSystemRandom\b|\bsecrets\.|\bos\.urandom\b|\buuid[14]\b", "the system's random numbers"),
    (r"\bos\.getpid\b", "the process number"),
    (r"\bid\(", "memory addresses"),
    (r"\bhash\(", "hash(), which differs between processes for texts"),
    (r"\bset\(|\bfrozenset\(|\{[^:{}]+\}", "a set, whose order may differ between processes"),
    (r"\b(as_completed|imap_unordered|ThreadPool\w*)\b", "the order in which threads finish"),
    (r"\bos\.(listdir|scandir)\b|\bi?glob\(", "the order of files in a folder"),
    (r"\bworld\.attempt\b", "the number of the attempt"),
)


def difference(first: Any, second: Any, path: str = "") -> str:
    """The first place where two messages differ, and how many more there are."""
    found = list(_differences(first, second, path))
    if not found:
        return "only the spelling of the message differs"
    place, one, other = found[0]
    more = f" ({len(found) - 1} more differ)" if len(found) > 1 else ""
    return f"{place} is {_short(one)} in one and {_short(other)} in the other{more}"


def suspects(source: str) -> List[str]:
    """Lines of a program that read what may differ between two plays."""
    found = []
    for number, line in enumerate(_code_lines(source), 1):
        found += [
            f"line {number} uses {what}" for pattern, what in _SUSPECTS if re.search(pattern, line)
        ]
    return found


def _differences(first: Any, second: Any, path: str) -> Iterator[Tuple[str, Any, Any]]:
    if isinstance(first, dict) and isinstance(second, dict):
        for key in [*first, *(key for key in second if key not in first)]:
            yield from _differences(first.get(key), second.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for index, (one, other) in enumerate(zip(first, second)):
            yield from _differences(one, other, f"{path}[{index}]")
    elif first != second or type(first) is not type(second):
        yield path, first, second


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 120 else text[:117] + "..."


def _code_lines(source: str) -> List[str]:
    """The lines of a program, without its comments and texts."""
    lines = [list(line) for line in source.split("\n")]
    f_string: List[Tuple[int, int]] = []  # where the f-strings begin that are open here
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            kind = tokenize.tok_name[token.type]
            if kind == "FSTRING_START":  # from Python 3.12 on; before, they are plain strings
                f_string.append(token.start)
            elif kind == "FSTRING_END":
                _blank(lines, f_string.pop(), token.end)
            elif kind in ("COMMENT", "STRING"):
                _blank(lines, token.start, token.end)
    except (tokenize.TokenError, SyntaxError):
        pass  # what is left is good enough for hints
    return ["".join(line) for line in lines]


def _blank(lines: List[List[str]], start: Tuple[int, int], end: Tuple[int, int]) -> None:
    for row in range(start[0], end[0] + 1):
        line = lines[row - 1]
        begin = start[1] if row == start[0] else 0
        stop = end[1] if row == end[0] else len(line)
        line[begin:stop] = " " * (stop - begin)
