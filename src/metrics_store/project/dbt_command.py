"""Runs dbt as a process of its own, so that it can be stopped and leaves no open files."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.project.dbt_process import GRACE_SECONDS

if TYPE_CHECKING:
    from pathlib import Path

_MODULE = "metrics_store.project.dbt_process"

# Nothing leaves the machine: no telemetry, no look-up of newer versions. UTC everywhere.
QUIET_ENVIRONMENT = {
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DBT_VERSION_CHECK": "false",
    "DO_NOT_TRACK": "1",
    # DuckDB's sessions go by the one, PostgreSQL's by the other.
    "TZ": "UTC",
    "PGTZ": "UTC",
}


def stop(process: subprocess.Popen[str]) -> None:
    """Interrupt dbt by closing its standard input; end it outright if it does not heed that."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(timeout=GRACE_SECONDS + 5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run_dbt(
    arguments: list[str],
    *,
    project_directory: Path,
    environment: dict[str, str] | None = None,
    quiet: bool = False,
    module: str = _MODULE,
) -> None:
    """Run `dbt ARGUMENTS` in the project and wait for it.

    Args:
        arguments: The command line after `dbt`.
        project_directory: The dbt project.
        environment: Variables to add to this process's own.
        quiet: Keep dbt's output back and show it only when it fails.
        module: What takes the arguments and runs dbt.

    Raises:
        MetricsStoreError: dbt did not succeed.
    """
    process = subprocess.Popen(
        # -P: a project's own directories are no Python packages to import from.
        [sys.executable, "-P", "-m", module, *arguments],
        cwd=project_directory,
        env={**os.environ, **QUIET_ENVIRONMENT, **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        start_new_session=True,  # Ctrl-C reaches dbt once, through its standard input
    )
    try:
        output = process.stdout.read() if process.stdout else ""
        exit_code = process.wait()
    except BaseException:
        sys.stderr.write("stopping dbt\n")
        stop(process)
        raise
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
    if exit_code == 0:
        return
    sys.stderr.write(output)
    raise MetricsStoreError(
        f"dbt {arguments[0]} did not succeed (exit code {exit_code})",
        where=f"dbt {' '.join(arguments)}",
        remedy="dbt's own message stands above; mend what it names and run the command again",
    )
