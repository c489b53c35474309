"""joblib.Parallel with its default back-end, loky: one call gives all results, or one exception."""

import tasks
from joblib import Parallel, delayed


def main() -> None:
    """Play all tasks; with the option, joblib's time-out for each."""
    with Parallel(
        n_jobs=tasks.WORKERS, timeout=tasks.TIMEOUT if tasks.option() else None
    ) as parallel:
        for batch in tasks.batches():
            try:
                for result in parallel(delayed(tasks.play)(task) for task in batch):
                    tasks.keep(result)
            except Exception as error:
                tasks.log_error(error)


if __name__ == "__main__":
    tasks.run(main)
