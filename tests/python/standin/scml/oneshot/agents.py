"""Agents of the stand-in's game."""

import random

import numpy


class Agent:
    def __init__(self, bonus=0):
        self.bonus = bonus

    def propose(self):
        return random.random() + numpy.random.random() + self.bonus

    def step(self):
        pass


class GreedyAgent(Agent):
    pass


class RandomAgent(Agent):
    pass


class EqualAgent(Agent):
    pass
