"""A player that cooperates, and misbehaves in round 3 of the worlds in which it sits in seat 1:
misbehave.py DEED. In OneShot: on day 2, by the same deeds."""

import json
import os
import signal
import sys
import time

DEED = sys.argv[1]
BAD_ROUND = 3
BAD_DAY = 2


def send(message):
    data = (json.dumps(message) + "\n").encode()
    while data:
        data = data[os.write(4, data) :]


def misbehave(n):
    """True where the message is answered already."""
    if DEED == "exit":
        os._exit(7)
    elif DEED == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif DEED == "hang":
        time.sleep(1000)
    elif DEED == "spin":
        while True:
            pass
    elif DEED == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif DEED == "close":
        os.close(3)
        os.close(4)
        time.sleep(1000)
    elif DEED == "error":
        send({"type": "error", "n": n, "text": "no such luck\n  in line 7\n"})
    elif DEED == "garbage":
        os.write(4, b"I cooperate\n")
    elif DEED == "list":
        os.write(4, b"[1]\n")
    elif DEED == "illegal":
        send({"type": "answer", "n": n, "move": "E", "replies": ["perhaps"]})
    elif DEED == "nothing":
        send({"type": "answer", "n": n})
    elif DEED == "wrong number":
        send({"type": "answer", "n": n - 1, "move": "C"})
    elif DEED == "long":
        send({"type": "answer", "n": n, "move": "C", "more": "x" * (2 << 20)})
    elif DEED == "endless":
        while True:
            os.write(4, b"x" * 65536)
    elif DEED == "flood":
        for _ in range(256):
            os.write(1, b"o" * 32767 + b"\n")
            os.write(2, b"e" * 32767 + b"\n")
        return False
    else:
        return False
    return True


def is_bad_moment(message, moments):
    if message["type"] not in ("round", "act"):
        return False
    return moments["seat"] == 1 and moments["now"] == (BAD_ROUND if message["type"] == "round" else BAD_DAY)


def answer_to(message, moments):
    answer = {"type": "answer", "n": message["n"]}
    if message["type"] == "begin":
        moments.update(seat=message["seat"], now=0)
        if DEED == "begin" and message["seat"] == 1:
            raise SystemExit(6)
    if message["type"] in ("round", "begin_day"):
        moments["now"] += 1
    if message["type"] == "round":
        answer["move"] = "C"
    if message["type"] == "act":
        answer["replies"] = ["accept"] * len(message["talks"])
    return answer


def main():
    if DEED == "at once":
        sys.exit(5)
    moments = {}
    with open(3, closefd=False) as messages:
        for line in messages:
            message = json.loads(line)
            if message["type"] == "setup":
                if DEED == "never ready":
                    time.sleep(1000)
                if DEED == "refuse":
                    send({"type": "error", "text": "not with those rules"})
                    continue
                send({"type": "ready", "protocol": 2 if DEED == "protocol" else 1})
            elif message["type"] == "end":
                if DEED == "between":
                    os._exit(8)
                if DEED == "chatter":
                    send({"type": "answer", "n": 1_000_000})
            elif "n" in message:
                answer = answer_to(message, moments)
                if is_bad_moment(message, moments) and misbehave(message["n"]):
                    continue
                send(answer)
                if DEED == "deaf" and is_bad_moment(message, moments):
                    time.sleep(1000)
            else:
                break


main()
