"""What a review of definitions takes, beside one `dbt parse` of the same project in the same run.

Each round starts with an empty cache: `metrics diff` of two commits cold, the same again, and with
`--values` the same with both sides built on the data of `review.yml`, cold and again.

    python benchmarks/review.py HEAD~20 HEAD --project-dir . --rounds 3 --values
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sysconfig
import tempfile
import time
from pathlib import Path

import click

SCRIPTS = Path(sysconfig.get_path("scripts"))


def seconds(arguments: list[str], project: Path, cache: Path) -> float:
    """Run a command with a cache of its own and give the seconds by the clock.

    Raises:
        click.ClickException: It failed.
    """
    environment = {
        **os.environ,
        "XDG_CACHE_HOME": str(cache),
        "DBT_PROFILES_DIR": str(project),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    started = time.perf_counter()
    done = subprocess.run(
        [str(SCRIPTS / arguments[0]), *arguments[1:]],
        cwd=project,
        env=environment,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise click.ClickException(done.stderr.decode() or done.stdout.decode())
    return time.perf_counter() - started


@click.command()
@click.argument("base")
@click.argument("head")
@click.option(
    "--project-dir", type=click.Path(path_type=Path, exists=True), default=Path(), show_default=True
)
@click.option("--rounds", default=3, show_default=True)
@click.option("--values", is_flag=True, help="Also build both sides and ask them.")
def main(base: str, head: str, project_dir: Path, rounds: int, *, values: bool) -> None:
    """Print the medians, and each as a ratio to `dbt parse`."""
    project = project_dir.resolve()
    diff = ["metrics", "diff", base, head, "--format", "json"]
    took: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as directory:
        for number in range(rounds):
            cache = Path(directory, str(number))
            parse = ["dbt", "parse", "--no-partial-parse", "--target-path", str(cache / "target")]
            commands = {"dbt parse": parse, "metrics diff, cold": diff, "metrics diff, warm": diff}
            if values:
                commands |= {
                    "metrics diff --values, cold": [*diff, "--values"],
                    "metrics diff --values, warm": [*diff, "--values"],
                }
            for name, arguments in commands.items():
                took.setdefault(name, []).append(seconds(arguments, project, cache))
    medians = {name: statistics.median(times) for name, times in took.items()}
    for name, median in medians.items():
        click.echo(f"{name:<28} {median:6.2f} s   {median / medians['dbt parse']:5.1f} x")
    click.echo(json.dumps({"rounds": rounds, "seconds": took}))


if __name__ == "__main__":
    main()
