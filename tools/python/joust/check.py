"""``python3 -m joust.check my_world.py``: plays one world by hand and checks that it is deterministic.

The world is played as joust would: a program of its own, descriptors 3 and 4, the same messages.
The same seed must give the same result, byte for byte: in a new process, in a process with another
order of sets, and in one that has played before.
"""

from __future__ import annotations

import json
import os
import sys
import textwrap
import time
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from ._arguments import Arguments, parse
from ._program import Program, ProgramFailed
from ._verdict import difference, suspects


class _Play(NamedTuple):
    how: str  # what is different about it, for the verdict
    hash_seed: str
    attempts: int  # played one after the other in one process; the last one counts
    hint: str


_SET_ORDER = (
    "The order of sets (and hash() of texts) changes with PYTHONHASHSEED: sort sets before going"
    ' through them, or fix the order for all processes with env = { PYTHONHASHSEED = "0" } in the'
    " spec."
)
_LEFTOVERS = (
    "Something is left over from the first play (a global variable, a cache, a default argument"
    " that was changed, a module that is first imported while playing), or depends on"
    " world.attempt."
)
_OUTSIDE = (
    "The world reads something other than its seed: the time, a generator that it does not seed"
    " from world.seed (the modules random and numpy.random are seeded for you, if numpy is imported"
    " at the top of the file), memory addresses, threads, files."
)


def main(arguments: List[str]) -> int:
    """Check one world. Returns the exit code."""
    given = parse(arguments)
    reference: Optional[bytes] = None
    for number, play in enumerate(_plays(given.times)):
        line = _played(given, play, show_output=number == 0)
        if line is None:
            return 1
        if reference is None:
            reference = line
            _print_result(given, json.loads(line))
        elif line != reference:
            _print_verdict(given, play, reference, line)
            return 1
    print(f"deterministic: {given.times + 2} plays with seed {given.seed} are equal, byte for byte")
    return 0


def _plays(times: int) -> List[_Play]:
    again = _Play("with the same seed in a new process", "0", 1, _OUTSIDE)
    other_order = _Play("with the same seed, but another PYTHONHASHSEED", "1", 1, _SET_ORDER)
    second = _Play("for the second time in one process", "0", 2, _LEFTOVERS)
    return [again] * times + [other_order, second]


def _played(given: Arguments, play: _Play, show_output: bool) -> Optional[bytes]:
    """The line of the result; without one, the reason has been printed."""
    environment = {**os.environ, "PYTHONHASHSEED": play.hash_seed}
    with Program([sys.executable, "-m", "joust", given.file], environment) as program:
        failure = ""
        line = b""
        try:
            line, failure = _conversation(given, play, program)
        except ProgramFailed as error:
            failure = str(error)
        except TimeoutError:
            failure = f"no result after {given.timeout:g} s"
            stacks = program.stacks(time.monotonic() + 1.0)
            failure += f"; this is where it was:\n{stacks}" if stacks else ""
        output = program.output()
    if output and (show_output or failure):
        sys.stderr.write(output if output.endswith("\n") else output + "\n")
        sys.stderr.flush()
    if failure:
        print(f"failed: {failure}")
        return None
    return line


def _conversation(given: Arguments, play: _Play, program: Program) -> Tuple[bytes, str]:
    """Plays; the line of the last result, or what went wrong."""
    program.send(
        {
            "type": "setup",
            "protocol": 1,
            "parameters": given.parameters,
            "competitors": given.entrants,
            "seats": given.seats,
            "max_message": 1 << 26,
            "resources": given.resources,
        }
    )
    ready, line = program.receive(time.monotonic() + given.timeout)
    if ready["type"] != "ready":
        return b"", ready.get("text") or f"the program is not ready, but says {line!r}"
    for attempt in range(1, play.attempts + 1):
        program.send(_play_message(given, attempt))
        answer, line = program.receive(time.monotonic() + given.timeout)
        if answer["type"] != "result":
            return b"", _failure(given, answer)
    program.send({"type": "shutdown"})
    return line, ""


def _play_message(given: Arguments, attempt: int) -> Dict[str, Any]:
    return {
        "type": "play",
        "task": 0,
        "attempt": attempt,
        "seed": given.seed,
        "config_seed": given.seed * 0x9E3779B1 % (1 << 53),  # any other number
        "config": 0,
        "set": 0,
        "rotation": 0,
        "run": 0,
        "seats": list(range(given.seats)),
    }


def _failure(given: Arguments, answer: Dict[str, Any]) -> str:
    seat = answer.get("seat")
    blamed = "" if seat is None else f"(charged to {given.entrants[seat]['name']}) "
    return blamed + str(answer.get("text", answer))


def _print_result(given: Arguments, result: Dict[str, Any]) -> None:
    names = result.get("names") or [entrant["name"] for entrant in given.entrants]
    for seat, score in enumerate(result["scores"]):
        print(f"seat {seat}  {names[seat]:<20}  {'no score' if score is None else score}")
    for name, value in result.get("counters", {}).items():
        print(f"counter {name}: {value:g}")


def _print_verdict(given: Arguments, play: _Play, reference: bytes, line: bytes) -> None:
    words = [
        f"NOT deterministic: played {play.how}, the result differs:",
        difference(json.loads(reference), json.loads(line)) + ".",
        play.hint,
    ]
    with open(given.file, encoding="utf-8", errors="replace") as source:
        found = suspects(source.read())
    if found:
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        words.append(f"In {os.path.basename(given.file)}: {'; '.join(found[:5])}{more}.")
    print(textwrap.fill(" ".join(words), 100, break_long_words=False, break_on_hyphens=False))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
