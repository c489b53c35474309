"""One negmas world that writes nothing, says how far it is, and blames the right agent."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Sequence

import joust

from joust.scml._agent_types import AgentTypeError, find_class
from joust.scml._blame import culprit
from joust.scml._economy import draw_layout, generate, seed_everything
from joust.scml._packages import package, world_class
from joust.scml._settings import Settings

#: Keeps the world from making a log folder and from writing tables into it at every step.
_SILENT: dict[str, Any] = {
    "compact": True,
    "no_logs": True,
    "log_folder": None,
    "log_to_file": False,
    "log_stats_every": 0,
    "event_file_name": None,
    "saved_details_level": 0,
    "checkpoint_every": 0,
    "checkpoint_folder": None,
}


class Simulation:
    """A world with the competitors in their seats. Built from the seeds alone; played once."""

    def __init__(self, settings: Settings, world: Any) -> None:
        competitors = world.competitors
        defaults = _default_types(settings)
        classes = [_class_of(seat, each) for seat, each in enumerate(competitors)]
        layout = draw_layout(settings, len(competitors), len(defaults), world.config_seed)
        types = [
            defaults[each.default] if each.seat is None else classes[each.seat]
            for each in layout.factories
        ]
        config = generate(settings, layout, types, world.config_seed)
        for seat, factory in layout.seats.items():
            # scml makes the agent within the world's constructor, where nobody knows its seat
            config["agent_params"][factory] = {
                "controller_type": _maker(seat, classes[seat], competitors[seat].parameters)
            }
        seed_everything(world.seed)
        self.negmas = _built(settings, config)
        ids = list(self.negmas.agents)  # factories in order, then the two system agents
        self.seats = {ids[factory]: seat for seat, factory in layout.seats.items()}

    def play(self, progress: Callable[[int, int], None]) -> None:
        """Plays all days; ``progress`` hears of each."""
        days = self.negmas.n_steps
        for day in range(1, days + 1):
            if not self._play_day():
                raise RuntimeError(f"the world ended by itself after {day - 1} of {days} days")
            progress(day, days)

    @property
    def agent_ids(self) -> list[str]:
        """The agents' ids, seat by seat."""
        return sorted(self.seats, key=self.seats.__getitem__)

    def _play_day(self) -> bool:
        try:
            return bool(self.negmas.step())
        except (Exception, SystemExit) as error:  # agents may call sys.exit()
            seat = culprit(error, self.negmas, self.seats)
            if seat is None:
                raise
            raise joust.CompetitorFault(seat, f"{type(error).__name__}: {error}") from error


def _built(settings: Settings, config: Mapping[str, Any]) -> Any:
    is_tolerant = settings.on_exception == "count"
    arguments: dict[str, Any] = {
        **config,
        **_SILENT,
        "name": "world",
        "time_limit": float("inf"),
        "ignore_agent_exceptions": is_tolerant,
        "ignore_negotiation_exceptions": is_tolerant,
        # a day that was played halfway is no world to go on with
        "ignore_simulation_exceptions": False,
        "ignore_contract_execution_exceptions": False,
    }
    if is_tolerant:
        arguments["mechanisms"] = _with_counted_exceptions(arguments.get("mechanisms", {}))
    return _silent_class(world_class(settings.world_class))(**arguments)


def _silent_class(worlds: type) -> Any:
    # whatever it is told, World makes a folder under ~/negmas and writes agents.csv to it each time
    # an agent joins, unless it believes that it has no such folder
    no_folder = property(lambda self: None, lambda self, folder: None)
    return type(worlds.__name__, (worlds,), {"_extra_folder": no_folder})


def _with_counted_exceptions(
    mechanisms: Mapping[str, Mapping[str, Any]],
) -> dict[str, dict[str, Any]]:
    # without this the world aborts the negotiation and forgets whose exception it was
    protocol = "negmas.sao.SAOMechanism"
    return {
        **{name: dict(each) for name, each in mechanisms.items()},
        protocol: {**mechanisms.get(protocol, {}), "ignore_negotiator_exceptions": True},
    }


def _default_types(settings: Settings) -> Sequence[type]:
    if settings.default_agents:
        return [find_class(name) for name in settings.default_agents]
    name = "DefaultAgentsOneShot" if settings.game == "oneshot" else "DefaultAgentsStd"
    return list(getattr(package(f"scml.{settings.game}.context"), name))


def _class_of(seat: int, competitor: Any) -> type:
    try:
        return find_class(competitor.type)
    except AgentTypeError as error:
        raise joust.CompetitorFault(seat, str(error)) from error
    except (Exception, SystemExit) as error:  # whatever its module does when it is imported
        raise joust.CompetitorFault(
            seat, f"importing {competitor.type}: {type(error).__name__}: {error}"
        ) from error


def _maker(seat: int, agent_class: type, parameters: Mapping[str, Any]) -> Callable[[], Any]:
    def make() -> Any:
        try:
            return agent_class(**parameters)
        except (Exception, SystemExit) as error:
            raise joust.CompetitorFault(
                seat, f"constructing {agent_class.__name__}: {type(error).__name__}: {error}"
            ) from error

    return make
