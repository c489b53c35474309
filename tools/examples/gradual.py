"""Punishes the n-th provocation with n defections, then calms down (Beaufils et al. 1996). An agent that
remembers more than the moves is a class: it is made anew for each match."""
from joust import agent

@agent.prisoners_dilemma
class Gradual:
    def __init__(self):
        self.provocations = 0
        self.plan = []

    def choose(self, game):
        if not self.plan:
            if not game.theirs or game.theirs[-1] == "C":
                return "C"
            self.provocations += 1
            self.plan = ["D"] * self.provocations + ["C", "C"]
        return self.plan.pop(0)
