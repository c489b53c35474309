"""concurrent.futures.ProcessPoolExecutor, as its documentation shows it."""

from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial

import tasks


def main() -> None:
    """Play all tasks; with the option, wait at most some seconds for each."""
    per_child = tasks.RECYCLE_AFTER if tasks.recycles() else None
    with ProcessPoolExecutor(tasks.WORKERS, max_tasks_per_child=per_child) as pool:
        for batch in tasks.batches():
            futures = [pool.submit(tasks.play, task) for task in batch]
            if tasks.option():
                for future in futures:
                    tasks.collect(partial(future.result, timeout=tasks.TIMEOUT))
            else:
                for future in as_completed(futures):
                    tasks.collect(future.result)


if __name__ == "__main__":
    tasks.run(main)
