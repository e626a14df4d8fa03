"""Runs jobs in parallel, one a processor."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from metrics_store.project.dbt_command import stop

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence

    from metrics_store.project.profile import Target
    from metrics_store.review.jobs.dbt_job import DbtJob

_POLL_SECONDS = 0.05


def run_all(jobs: Sequence[DbtJob], target: Target) -> None:
    """Run the jobs and wait for all of them.

    Raises:
        MetricsStoreError: One did not succeed; the others are stopped.
    """
    waiting = list(jobs)
    running: dict[DbtJob, subprocess.Popen[str]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                job = waiting.pop(0)
                job.prepare(target)
                running[job] = job.start()
            for job, process in list(running.items()):
                if process.poll() is None:
                    continue
                del running[job]
                _close(process)
                if process.returncode != 0:
                    raise job.failure()
            time.sleep(_POLL_SECONDS)
    finally:
        for process in running.values():
            stop(process)
            _close(process)


def _close(process: subprocess.Popen[str]) -> None:
    if process.stdin:
        process.stdin.close()
