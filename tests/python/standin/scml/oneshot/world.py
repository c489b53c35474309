"""A game with SCML's surface: each day every agent proposes a number and earns it."""

import random
import uuid
from types import SimpleNamespace

import numpy
from negmas.world import Adapter, World


class SCML2024OneShotWorld(World):
    @classmethod
    def generate(cls, agent_types, agent_params, agent_processes, n_processes, n_steps, n_lines, **rules):
        assert agent_params is None and not rules.pop("random_agent_types")
        assert sorted(set(agent_processes)) == list(range(n_processes))
        return dict(
            rules,
            n_steps=n_steps,
            profiles=[
                SimpleNamespace(level=level, cost=random.uniform(1, 4), n_lines=n_lines)
                for level in agent_processes
            ],
            initial_balance=[1000 + int(1000 * numpy.random.random()) for _ in agent_types],
            agent_types=[Adapter for _ in agent_types],
            agent_params=[{"controller_type": each} for each in agent_types],
        )

    def __init__(self, profiles, initial_balance, agent_types, agent_params, **rules):
        assert rules.pop("compact") and rules.pop("no_logs")
        super().__init__(**rules)
        self.agent_profiles, self.initial_balances, self.is_bankrupt = {}, {}, {}
        self._profits = {}
        for i, (adapter, params) in enumerate(zip(agent_types, agent_params)):
            player = params["controller_type"](**params.get("controller_params", {}))
            name = f"{i:02}{type(player).__name__[:2]}@{profiles[i].level}"
            self.join(adapter(player, name))
            self.agent_profiles[name] = profiles[i]
            self.initial_balances[name] = initial_balance[i]
            self.is_bankrupt[name] = False
            self._profits[name] = 0
        for name in ("SELLER", "BUYER"):
            self.join(Adapter(None, name))

    def play_day(self):
        for name, agent in list(self.agents.items())[:-2]:
            earned = self.negotiate(agent)
            # as in the real one the order of contracts in a set, hashed by identifiers, leaves its mark
            self._profits[name] += earned + min({str(uuid.uuid4()) for _ in range(3)}).count("0") / 1e6
            self.negs_registered[name] += 1
            self.contracts_executed["SELLER"] += 1
            self.call(agent, agent.step)

    def current_balance(self, name):
        return self.initial_balances[name] + self._profits[name]

    def scores(self):
        return {name: self.current_balance(name) / start for name, start in self.initial_balances.items()}
