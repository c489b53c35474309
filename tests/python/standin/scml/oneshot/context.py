"""The default agents of a tournament."""

from scml.oneshot.agents import EqualAgent, GreedyAgent, RandomAgent

DefaultAgentsOneShot = (GreedyAgent, RandomAgent, EqualAgent)
