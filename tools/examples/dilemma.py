"""The iterated prisoner's dilemma in Python: a strategy sees both pasts and says whether it cooperates."""
import joust

STRATEGIES = {
    "Cooperator": lambda mine, theirs, rng: True,
    "Defector": lambda mine, theirs, rng: False,
    "TitForTat": lambda mine, theirs, rng: not theirs or theirs[-1],
    "Grudger": lambda mine, theirs, rng: all(theirs),
    "Random": lambda mine, theirs, rng: rng.random() < 0.5,
}
PAYOFF = {(True, True): (3, 3), (True, False): (0, 5), (False, True): (5, 0), (False, False): (1, 1)}

@joust.world
def play(world):
    rounds = world.parameters.get("rounds", 100)
    strategies = [STRATEGIES[competitor.type] for competitor in world.competitors]
    pasts, scores = ([], []), [0, 0]
    for step in range(rounds):
        world.progress(step, rounds)
        moves = tuple(strategies[i](pasts[i], pasts[1 - i], world.rng) for i in (0, 1))
        for i in (0, 1):
            pasts[i].append(moves[i])
            scores[i] += PAYOFF[moves][i]
    return [score / rounds for score in scores]
