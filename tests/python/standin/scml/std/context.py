"""The default agents of a tournament."""

from scml.oneshot.agents import EqualAgent, GreedyAgent

DefaultAgentsStd = (GreedyAgent, EqualAgent)
