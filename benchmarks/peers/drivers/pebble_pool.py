"""pebble.ProcessPool: a future for each task."""

from concurrent.futures import as_completed

import tasks
from pebble import ProcessPool


def main() -> None:
    """Play all tasks; with the option, pebble's time-out, which ends the worker of a late task."""
    extra = {"timeout": tasks.TIMEOUT} if tasks.option() else {}
    with ProcessPool(
        tasks.WORKERS, max_tasks=tasks.RECYCLE_AFTER if tasks.recycles() else 0
    ) as pool:
        for batch in tasks.batches():
            futures = [pool.schedule(tasks.play, args=[task], **extra) for task in batch]
            for future in as_completed(futures):
                tasks.collect(future.result)


if __name__ == "__main__":
    tasks.run(main)
