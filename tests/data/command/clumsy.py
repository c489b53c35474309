"""A world in which the competitors of some types fail: a third of the worlds of a "forfeits" is
forfeited by it, and a third of those of a "blamed" is lost to it. The first such seat decides."""

import json
import random
import time


def send(answers, message):
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def play(message, types):
    rng = random.Random(message["seed"])
    scores = [rng.random() for _ in message["seats"]]
    is_clumsy = rng.random() < 1 / 3
    for seat, competitor in enumerate(message["seats"]):
        if not is_clumsy or types[competitor] == "sound":
            continue
        if types[competitor] == "blamed":
            return {"type": "error", "task": message["task"], "seat": seat, "text": "bad move"}
        forfeits = [None] * len(scores)
        forfeits[seat] = "no move"
        scores[seat] = 0
        return {"type": "result", "task": message["task"], "scores": scores, "forfeits": forfeits}
    return {"type": "result", "task": message["task"], "scores": scores}


with open(3) as messages, open(4, "w") as answers:
    for line in messages:
        message = json.loads(line)
        if message["type"] == "setup":
            types = [competitor["type"] for competitor in message["competitors"]]
            pause = message["parameters"].get("pause", 0)
            send(answers, {"type": "ready", "protocol": 1})
        elif message["type"] == "play":
            time.sleep(pause)
            send(answers, play(message, types))
        else:
            break
