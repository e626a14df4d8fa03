"""What a question at the command line takes: `metrics query` beside `mf query`, in one run.

Each command runs as a process of its own on the same warehouse, in turns: `metrics query` with a
question that nobody asked before, again with the same question for another day, `metrics list`, a
start of Python that does nothing, and `mf query`.

    python benchmarks/cli.py --project-dir . --rounds 5
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import click
from commands import seconds, tell


@dataclass(frozen=True)
class Command:
    """A command line, and what of it changes from round to round: the directory of its plans."""

    name: str
    arguments: list[str]
    cache: Path

    def environment(self) -> dict[str, str]:
        """Give the variables that it runs with."""
        return {
            "XDG_CACHE_HOME": str(self.cache),
            # mf opens the file for writing where it may; beside other readers it cannot.
            "METRICS_STORE_DUCKDB_ACCESS_MODE": "read_only",
        }


@click.command()
@click.option(
    "--project-dir", type=click.Path(path_type=Path, exists=True), default=Path(), show_default=True
)
@click.option("--metric", default="win_rate", show_default=True)
@click.option("--group-by", default="metric_time__month", show_default=True)
@click.option("--rounds", default=5, show_default=True)
def main(project_dir: Path, metric: str, group_by: str, rounds: int) -> None:
    """Print the medians, and each as a ratio to `mf query`."""
    project = project_dir.resolve()
    asked = ["--metrics", metric, "--group-by", group_by, "--start-time"]
    took: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as directory:
        for number in range(rounds):
            empty = Path(directory, str(number))
            day, other = (date(2024, 1, 1) + timedelta(number + more) for more in (0, 100))
            for command in (
                Command("metrics query, new", ["metrics", "query", *asked, str(day)], empty),
                Command(
                    "metrics query, another day", ["metrics", "query", *asked, str(other)], empty
                ),
                Command("metrics query, again", ["metrics", "query", *asked, str(other)], empty),
                Command("metrics list, new", ["metrics", "list"], empty),
                Command("metrics list, again", ["metrics", "list"], empty),
                Command("metrics --version", ["metrics", "--version"], empty),
                Command("python's own start", ["python", "-c", "pass"], empty),
                Command("mf query", ["mf", "query", "--quiet", *asked, str(day)], empty),
            ):
                took.setdefault(command.name, []).append(
                    seconds(command.arguments, project, command.environment())
                )
    tell(took, "mf query", lambda median, of_mf: of_mf / median)


if __name__ == "__main__":
    main()
