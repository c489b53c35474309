"""A world that misbehaves in task 3: misbehave.py DEED [ATTEMPTS], in that many attempts (all)."""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

DEED = sys.argv[1]
ATTEMPTS = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000


def send(message):
    data = (json.dumps(message) + "\n").encode()
    while data:
        data = data[os.write(4, data) :]


def scores_of(play):
    rng = random.Random(play["seed"])
    return [rng.random() for _ in play["seats"]]


def misbehave(play):
    if DEED == "exit":
        print("my last words", flush=True)
        os._exit(7)
    elif DEED == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif DEED == "close":
        os.close(3)
        os.close(4)
        time.sleep(1000)
    elif DEED == "garbage":
        os.write(4, b"scores: 1 2\n")
    elif DEED == "ready":
        send({"type": "ready", "protocol": 1})
    elif DEED == "scores":
        send({"type": "result", "task": 3, "scores": [1]})
    elif DEED == "long":
        send({"type": "result", "task": 3, "scores": scores_of(play), "payload": "x" * 200_000})
    elif DEED == "error":
        send({"type": "error", "task": 3, "text": "no such luck"})
    elif DEED == "blame":
        send({"type": "error", "task": 3, "text": "bad move", "seat": 1})
    elif DEED == "block":
        send({"type": "progress", "step": 1, "of": 2})
        time.sleep(1000)
    elif DEED == "spin":
        send({"type": "progress", "step": 1, "of": 2})
        while True:
            pass
    elif DEED == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif DEED == "silence":
        time.sleep(1000)
    elif DEED == "other task":
        send({"type": "result", "task": 4, "scores": scores_of(play)})
    elif DEED == "heir":
        subprocess.Popen(["sleep", "1000"], pass_fds=(3, 4))
        os._exit(9)
    elif DEED == "twice":
        send({"type": "result", "task": 3, "scores": scores_of(play)})


def main():
    buffer = b""
    while True:
        while b"\n" not in buffer:
            chunk = os.read(3, 65536)
            if not chunk:
                return
            buffer += chunk
        line, buffer = buffer.split(b"\n", 1)
        message = json.loads(line)
        if message["type"] == "setup":
            if DEED == "never ready":
                sys.exit(5)
            send({"type": "ready", "protocol": 2 if DEED == "protocol" else 1})
        elif message["type"] == "play":
            if DEED == "flood":
                for _ in range(1024):
                    os.write(1, b"o" * 32767 + b"\n")
                    os.write(2, b"e" * 32767 + b"\n")
            elif message["task"] == 3 and message["attempt"] <= ATTEMPTS:
                misbehave(message)
                if DEED in ("garbage", "ready", "scores", "long", "error", "blame", "other task"):
                    continue
            payload = "p" * (8 << 20) if DEED == "large" else f"played by {os.getpid()}"
            send(
                {
                    "type": "result",
                    "task": message["task"],
                    "scores": scores_of(message),
                    "payload": payload,
                }
            )
        else:
            pathlib.Path(os.environ.get("FAREWELLS", "/dev/null")).open("a").write("bye\n")
            return


main()
