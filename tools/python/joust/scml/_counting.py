"""What a world counted, by the names of joust's tables (which are those of negmas').

A number of the world is the sum over all its agents, default and system agents included, as in
negmas' tournaments: a negotiation counts once for each of its two parties.
"""

from __future__ import annotations

from typing import Any, Mapping

#: Of each agent; attributes of the world that map an agent's id to a number.
AGENT_COUNTERS = (
    "neg_requests_sent",
    "neg_requests_received",
    "neg_requests_rejected",
    "negs_registered",
    "negs_succeeded",
    "negs_failed",
    "negs_timedout",
    "negs_initiated",
    "contracts_concluded",
    "contracts_signed",
    "contracts_dropped",
    "breaches_received",
    "breaches_committed",
    "contracts_erred",
    "contracts_nullified",
    "contracts_breached",
    "contracts_executed",
)

#: Lists of exceptions, by agent.
_EXCEPTIONS = ("agent_exceptions", "negotiator_exceptions")


def world_counters(world: Any, seated: int) -> dict[str, float]:
    """``seated``: how many of the factories are open seats."""
    factories = len(world.agents) - 2  # a seller and a buyer stand for the outside world
    counters = {
        "planned_n_steps": world.n_steps,
        "executed_n_steps": world.current_step,
        "n_factories": factories,
        "n_default_agents": factories - seated,
        "n_bankrupt": sum(map(bool, world.is_bankrupt.values())),
        "n_simulation_exceptions": _total(world.simulation_exceptions),
        "n_contract_exceptions": _total(world.contract_exceptions),
        "n_mechanism_exceptions": _total(world.mechanism_exceptions),
    }
    for name in _EXCEPTIONS:
        counters[f"n_{name}"] = _total(getattr(world, name))
    for name in AGENT_COUNTERS:
        counters[f"n_{name}"] = sum(getattr(world, name).get(agent, 0) for agent in world.agents)
    return {name: float(value) for name, value in counters.items()}


def agent_counters(world: Any, agent: str) -> dict[str, float]:
    """Of one agent, by its id."""
    counters = {name: getattr(world, name).get(agent, 0) for name in AGENT_COUNTERS}
    for name in _EXCEPTIONS:
        counters[name] = len(getattr(world, name).get(agent, ()))
    counters["level"] = world.agent_profiles[agent].level
    counters["initial_balance"] = world.initial_balances[agent]
    counters["final_balance"] = world.current_balance(agent)
    counters["bankrupt"] = world.is_bankrupt[agent]
    return {name: float(value) for name, value in counters.items()}


def _total(exceptions: Mapping[Any, Any]) -> int:
    return sum(len(each) for each in exceptions.values())
