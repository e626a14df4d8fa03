"""What a review of definitions takes, beside one `dbt parse` of the same project in the same run.

Each round starts with an empty cache: `metrics diff` of two commits cold, the same again, and with
`--values` the same with both sides built on the data of `review.yml`, cold and again.

    python benchmarks/review.py HEAD~20 HEAD --project-dir . --rounds 3 --values
"""

from __future__ import annotations

import tempfile
from operator import truediv
from pathlib import Path

import click
from commands import seconds, tell


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
                spent = seconds(arguments, project, {"XDG_CACHE_HOME": str(cache)})
                took.setdefault(name, []).append(spent)
    tell(took, "dbt parse", truediv)


if __name__ == "__main__":
    main()
