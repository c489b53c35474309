"""dask.distributed on one machine: a scheduler in this process, a nanny for each worker process."""

import dask
import tasks
from distributed import Client, LocalCluster, as_completed


def main() -> None:
    """Play all tasks; with the option, workers that send no heartbeat for some seconds count as dead."""
    if tasks.option():
        dask.config.set({"distributed.scheduler.worker-ttl": f"{tasks.TIMEOUT}s"})
    cluster = LocalCluster(
        n_workers=tasks.WORKERS,
        threads_per_worker=1,
        dashboard_address=None,
        local_directory=str(tasks.folder()),
    )
    with cluster, Client(cluster) as client:
        for batch in tasks.batches():
            for future in as_completed(client.map(tasks.play, batch, pure=False)):
                tasks.collect(future.result)


if __name__ == "__main__":
    tasks.run(main)
