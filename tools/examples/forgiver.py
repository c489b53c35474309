"""Tit for tat that forgives one defection in ten. An agent is a function: it is called in each round."""
from joust import agent

@agent.prisoners_dilemma
def forgiver(game):
    if not game.theirs or game.theirs[-1] == "C":
        return "C"
    return "C" if game.rng.random() < game.parameters.get("forgiveness", 0.1) else "D"
