"""Run command lines as processes of their own, and tell what each took."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SCRIPTS = Path(sysconfig.get_path("scripts"))


def seconds(arguments: Sequence[str], project: Path, environment: Mapping[str, str]) -> float:
    """Run a command of this environment and give the seconds by the clock.

    Args:
        arguments: Its name and what stands behind it.
        project: The dbt project, where it runs.
        environment: Variables to add to this process's own.

    Raises:
        click.ClickException: It failed.
    """
    started = time.perf_counter()
    done = subprocess.run(
        [str(SCRIPTS / arguments[0]), *arguments[1:]],
        cwd=project,
        env={
            **os.environ,
            "DBT_PROFILES_DIR": str(project),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            **environment,
        },
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(done.stderr.decode() or done.stdout.decode())
    return time.perf_counter() - started


def tell(
    took: Mapping[str, Sequence[float]], reference: str, ratio: Callable[[float, float], float]
) -> None:
    """Print the median of each command, and how it compares with that of the reference.

    Args:
        took: Command -> the seconds of each round.
        reference: The command that the others are compared with.
        ratio: Gives the ratio of a median and the reference's.
    """
    medians = {name: statistics.median(times) for name, times in took.items()}
    for name, median in medians.items():
        click.echo(f"{name:<28} {median:6.2f} s   {ratio(median, medians[reference]):5.1f} x")
    click.echo(json.dumps({"rounds": len(took[reference]), "seconds": took}))
