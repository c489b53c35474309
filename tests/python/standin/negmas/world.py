"""The parts of negmas' World that joust.scml uses or must defend itself against."""

import collections
import pathlib
import time

from negmas import Negotiator, mechanisms

COUNTERS = (
    "neg_requests_sent neg_requests_received neg_requests_rejected negs_registered negs_succeeded "
    "negs_failed negs_timedout negs_initiated contracts_concluded contracts_signed contracts_dropped "
    "breaches_received breaches_committed contracts_erred contracts_nullified contracts_breached "
    "contracts_executed"
).split()


class Adapter:
    """What the world calls; `_obj` is what the competitor wrote."""

    def __init__(self, player, name):
        self._obj = player
        self.id = self.name = name

    @property
    def player(self):
        return self._obj

    def step(self):
        self._obj.step()


class World:
    def __init__(
        self,
        n_steps,
        name=None,
        time_limit=60,
        log_folder=None,
        log_to_file=True,
        log_stats_every=0,
        event_file_name="events.json",
        saved_details_level=4,
        checkpoint_every=1,
        checkpoint_folder=None,
        ignore_agent_exceptions=False,
        ignore_negotiation_exceptions=False,
        ignore_simulation_exceptions=False,
        ignore_contract_execution_exceptions=False,
        **rules,
    ):
        self.name, self.n_steps, self.time_limit, self.rules = name, n_steps, time_limit, rules
        self.ignores_agents = ignore_agent_exceptions
        protocol = rules.get("mechanisms", {}).get("negmas.sao.SAOMechanism", {})
        self.ignores_negotiators = protocol.get("ignore_negotiator_exceptions", False)
        self.current_step = 0
        self.agents = {}
        for counter in COUNTERS:
            setattr(self, counter, collections.defaultdict(int))
        for record in "agent negotiator simulation contract mechanism".split():
            setattr(self, f"{record}_exceptions", collections.defaultdict(list))
        self._start = time.perf_counter()
        # as the real one: a folder whatever was asked for
        self._extra_folder = pathlib.Path.home() / "negmas" / "logs" / str(name)
        self._save("agents.csv")
        if log_to_file or event_file_name or checkpoint_folder:
            pathlib.Path("log.txt").touch()

    def _save(self, file):
        if self._extra_folder is not None:
            self._extra_folder.mkdir(parents=True, exist_ok=True)
            (self._extra_folder / file).touch()

    def join(self, adapter):
        self.agents[adapter.id] = adapter
        self._save("agents.csv")

    def call(self, agent, method, *arguments):
        try:
            return method(*arguments)
        except Exception as error:
            self.agent_exceptions[agent.id].append((self.current_step, repr(error)))
            if not self.ignores_agents:
                raise
        return None

    def negotiate(self, agent):
        try:
            mechanisms.step()
            return Negotiator(agent).propose()
        except Exception as error:
            if not self.ignores_negotiators:
                raise
            self.negotiator_exceptions[agent.id].append([(self.current_step, repr(error))])
        return 0

    def step(self):
        if self.current_step >= self.n_steps or time.perf_counter() - self._start >= self.time_limit:
            return False
        self.play_day()
        self._save("simsteps.csv")
        self.current_step += 1
        return True
