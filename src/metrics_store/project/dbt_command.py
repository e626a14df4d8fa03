"""Run dbt as a process of its own, so that it can be stopped and leaves no open files behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from metrics_store.errors import MetricsStoreError

# Nothing leaves the machine: no telemetry, no look-up of newer versions. UTC everywhere.
QUIET_ENVIRONMENT = {
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_VERSION_CHECK": "false",
    "DO_NOT_TRACK": "1",
    "PGTZ": "UTC",
}


def run_dbt(
    arguments: list[str],
    *,
    project_directory: Path,
    environment: dict[str, str] | None = None,
    quiet: bool = False,
) -> None:
    """Run `dbt ARGUMENTS` in the project and wait for it.

    Args:
        arguments: The command line after `dbt`.
        project_directory: The dbt project.
        environment: Variables to add to this process's own.
        quiet: Keep dbt's output back and show it only when it fails.

    Raises:
        MetricsStoreError: dbt did not succeed.
    """
    completed = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", *arguments],
        cwd=project_directory,
        env={**os.environ, **QUIET_ENVIRONMENT, **(environment or {})},
        check=False,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
    )
    if completed.returncode == 0:
        return
    if quiet:
        sys.stderr.write(completed.stdout)
    raise MetricsStoreError(
        f"dbt {arguments[0]} did not succeed (exit code {completed.returncode})",
        where=f"dbt {' '.join(arguments)}",
        remedy="dbt's own message stands above; mend what it names and run the command again",
    )
