"""multiprocessing.Pool, as its documentation shows it."""

from functools import partial
from multiprocessing import Pool

import tasks


def main() -> None:
    """Play all tasks; with the option, wait at most some seconds for each."""
    with Pool(
        tasks.WORKERS, maxtasksperchild=tasks.RECYCLE_AFTER if tasks.recycles() else None
    ) as pool:
        for batch in tasks.batches():
            if tasks.option():
                for pending in [pool.apply_async(tasks.play, (task,)) for task in batch]:
                    tasks.collect(partial(pending.get, timeout=tasks.TIMEOUT))
            else:
                arriving = pool.imap_unordered(tasks.play, batch)
                for _ in batch:
                    tasks.collect(arriving.next)


if __name__ == "__main__":
    tasks.run(main)
