"""One job of GNU parallel: plays one task and prints its result as a line of JSON.

The payload comes first, so that a line that was cut off is no result; and each job begins a new line, since
GNU parallel passes on what a killed job had printed, which ends anywhere.
"""

import json
import sys

import tasks


def main(task: int) -> None:
    """Play the task of the command line."""
    result = tasks.play(task)
    line = {"payload": result.payload.decode(), "task": result.task, "attempt": result.attempt}
    tasks.write_all(1, b"\n" + json.dumps(line).encode() + b"\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
