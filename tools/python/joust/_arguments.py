"""The command line of `joust.check`."""

from __future__ import annotations

import argparse
import json
import os
from typing import Any, Dict, List, NamedTuple, Tuple

Entrant = Dict[str, Any]


class Arguments(NamedTuple):
    """What is to be checked."""

    file: str
    seed: int
    times: int
    timeout: float
    entrants: List[Entrant]
    seats: int
    parameters: Dict[str, Any]
    resources: Dict[str, str]


def parse(arguments: List[str]) -> Arguments:
    """Read the command line; ends the program with code 2 where it is wrong."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if not os.path.isfile(given.file):
        parser.error(f"there is no file {given.file}")
    if given.seats is not None and given.seats < 1:
        parser.error("--seats: a world has at least one seat")
    if given.times < 2:
        parser.error("--times: there is nothing to compare in fewer than 2 plays")
    seats = given.seats or len(given.competitor) or 2
    names = "Ann Bob Cem Dua Eli Fay Gil Hua".split()
    entrants = given.competitor or [
        _entrant(names[seat] if seat < len(names) else f"Seat{seat}") for seat in range(seats)
    ]
    if seats > len(entrants):
        parser.error(f"{seats} seats need as many competitors, not {len(entrants)}")
    if len({entrant["name"] for entrant in entrants}) < len(entrants):
        parser.error("two competitors have the same name")
    return Arguments(
        file=given.file,
        seed=given.seed,
        times=given.times,
        timeout=given.timeout,
        entrants=entrants,
        seats=seats,
        parameters=dict(given.parameter),
        resources=dict(given.resource),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m joust.check",
        description="Plays one world several times, each in a new process and through joust's own"
        " protocol, and compares the results byte for byte. Exit codes: 0 the world is"
        " deterministic, 1 it is not or it failed, 2 bad command line.",
    )
    add = parser.add_argument
    add("file", help="the Python file with the world")
    add("--seed", type=_seed, default=1, help="the world's seed (default: 1)")
    add("--seats", type=int, help="seats (default: one per competitor; without any, 2)")
    add(
        "--competitor",
        type=_competitor,
        action="append",
        default=[],
        metavar="NAME[:TYPE[:JSON]]",
        help="an entrant; TYPE defaults to NAME, JSON are its parameters",
    )
    add(
        "--parameter",
        type=_parameter,
        action="append",
        default=[],
        metavar="KEY=JSON",
        help="one of [world.parameters]",
    )
    add(
        "--resource",
        type=_resource,
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="a file that the world reads as a resource",
    )
    add("--times", type=int, default=2, help="plays with all the same (default: 2)")
    add(
        "--timeout",
        type=float,
        default=600.0,
        metavar="SECONDS",
        help="after which one play counts as stuck (default: 600)",
    )
    return parser


def _seed(text: str) -> int:
    seed = int(text)
    if not 0 <= seed < 1 << 53:
        raise argparse.ArgumentTypeError("a seed is a whole number from 0 to 2^53 - 1")
    return seed


def _entrant(name: str, type: str = "", parameters: Any = None) -> Entrant:
    return {"name": name, "type": type or name, "parameters": parameters or {}}


def _competitor(text: str) -> Entrant:
    name, _, rest = text.partition(":")
    type, _, parameters = rest.partition(":")
    values = _json(parameters) if parameters else {}
    if not name or not isinstance(values, dict):
        raise argparse.ArgumentTypeError(f"expected NAME[:TYPE[:JSON OBJECT]], not {text!r}")
    return _entrant(name, type, values)


def _parameter(text: str) -> Tuple[str, Any]:
    key, value = _pair(text, "KEY=JSON")
    return key, _json(value)


def _resource(text: str) -> Tuple[str, str]:
    name, path = _pair(text, "NAME=PATH")
    if not os.path.isfile(path):
        raise argparse.ArgumentTypeError(f"there is no file {path}")
    return name, os.path.abspath(path)


def _pair(text: str, form: str) -> Tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"expected {form}, not {text!r}")
    return key, value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no JSON; a text needs double quotes, as in '\"{text}\"'"
        ) from None
