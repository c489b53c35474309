"""What ``[world.parameters]`` says, checked before anything is imported or drawn."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Mapping, Union

#: One value, or the least and the greatest one of a uniform draw per configuration.
Span = Union[int, "tuple[int, int]"]

GAMES = ("oneshot", "std")
ON_EXCEPTION = ("fail", "count")

# What joust decides, or what would make a world write files or depend on the clock.
_DECIDED_HERE = frozenset(
    "name id info agent_types agent_params agent_processes n_agents_per_process random_agent_types "
    "time_limit compact no_logs fast debug verbose "
    "log_folder log_to_file log_ufuns log_negotiations log_to_screen log_stats_every log_file_name "
    "event_file_name event_types saved_details_level construct_graphs storage_format "
    "checkpoint_every checkpoint_folder checkpoint_filename extra_checkpoint_info "
    "ignore_agent_exceptions ignore_negotiation_exceptions ignore_simulation_exceptions "
    "ignore_contract_execution_exceptions".split()
)


class SettingsError(ValueError):
    """A parameter that cannot be, named with its value."""


@dataclass(frozen=True)
class Settings:
    """One tournament's rules. ``passed_on`` goes to negmas as it is."""

    game: str
    year: int = 2024
    n_steps: Span = (50, 200)
    n_processes: Span = 2
    n_lines: int = 10
    min_factories_per_level: int = 4
    max_factories_per_level: int = 6
    default_agents: tuple[str, ...] = ()
    on_exception: str = "fail"
    passed_on: Mapping[str, Any] = field(default_factory=dict)

    @property
    def world_class(self) -> str:
        """The dotted name of the class of worlds."""
        track = "OneShot" if self.game == "oneshot" else "Std"
        return f"scml.{self.game}.world.SCML{self.year}{track}World"


def read_settings(parameters: Mapping[str, Any]) -> Settings:
    """Checks ``parameters``; raises SettingsError for the first that is wrong."""
    rest = dict(parameters)
    game = _one_of("game", rest.pop("game", "oneshot"), GAMES)
    settings = Settings(
        game=game,
        year=_whole("year", rest.pop("year", 2024), least=2020),
        n_steps=_span("n_steps", rest.pop("n_steps", (50, 200)), least=1),
        n_processes=_span("n_processes", rest.pop("n_processes", _levels(game)), least=2),
        n_lines=_whole("n_lines", rest.pop("n_lines", 10), least=1),
        min_factories_per_level=_whole(
            "min_factories_per_level", rest.pop("min_factories_per_level", 4), least=1
        ),
        max_factories_per_level=_whole(
            "max_factories_per_level", rest.pop("max_factories_per_level", 6), least=1
        ),
        default_agents=_names("default_agents", rest.pop("default_agents", ())),
        on_exception=_one_of("on_exception", rest.pop("on_exception", "fail"), ON_EXCEPTION),
        passed_on={name: _as_negmas_takes_it(value) for name, value in rest.items()},
    )
    refused = sorted(_DECIDED_HERE.intersection(settings.passed_on))
    if refused:
        raise SettingsError(f"world.parameters.{refused[0]} is decided by joust: leave it out")
    _check_days(settings)
    return settings


def drawn(span: Span, rng: random.Random) -> int:
    """The value, or one drawn from its range."""
    return span if isinstance(span, int) else rng.randint(*span)


def _check_days(settings: Settings) -> None:
    # scml's catalog prices leave out as many days as a product needs to get to its level
    fewest = settings.n_steps if isinstance(settings.n_steps, int) else settings.n_steps[0]
    levels = settings.n_processes
    most_levels = levels if isinstance(levels, int) else levels[1]
    if fewest <= most_levels:
        raise SettingsError(
            f"world.parameters.n_steps: {fewest} days are too few for {most_levels} processes:"
            f" expected at least {most_levels + 1}"
        )


def _levels(game: str) -> Span:
    return 2 if game == "oneshot" else (2, 4)


def _one_of(name: str, value: Any, known: tuple[str, ...]) -> str:
    if value not in known:
        raise SettingsError(f"world.parameters.{name}: expected one of {known}, found {value!r}")
    return str(value)


def _whole(name: str, value: Any, least: int) -> int:
    # a bool is an int to Python, not to the writer of a spec
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise SettingsError(
            f"world.parameters.{name}: expected a whole number from {least} up, found {value!r}"
        )
    return value


def _span(name: str, value: Any, least: int) -> Span:
    if not isinstance(value, (list, tuple)):
        return _whole(name, value, least)
    if len(value) != 2 or value[0] > value[1]:
        raise SettingsError(f"world.parameters.{name}: expected [least, greatest], found {value!r}")
    return _whole(name, value[0], least), _whole(name, value[1], least)


def _names(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) for each in value):
        raise SettingsError(
            f"world.parameters.{name}: expected a list of type names, found {value!r}"
        )
    return tuple(value)


def _as_negmas_takes_it(value: Any) -> Any:
    # a range is a tuple there; a list means something else in some places
    return tuple(value) if isinstance(value, list) else value
