"""`metrics demo`: demo data, made on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from metrics_store.demo.truth_file import SourceTruth

_output = click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("demo_data"),
    show_default=True,
    help="Directory to write to; made where it is missing.",
)
_scale = click.option(
    "--scale",
    type=float,
    default=1.0,
    show_default=True,
    help="Size: 1 is 2,000 deals and 20,000 opportunities over 3 years.",
)
_seed = click.option(
    "--seed",
    type=int,
    default=7,
    show_default=True,
    help="The same seed and scale give the same bytes.",
)


def _generate(
    output: Path,
    scale: float,
    seed: int,
    *,
    with_deals: bool = False,
    rows_per_file: int | None = None,
) -> dict[str, SourceTruth]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from metrics_store.demo.demo_data import check_request, work
    from metrics_store.demo.demo_data import generate as generate_data

    check_request(output, scale)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as progress:
        task = progress.add_task("Generating deals and opportunities", total=work(scale))
        return generate_data(
            output,
            scale,
            seed,
            lambda done: progress.advance(task, done),
            with_deals=with_deals,
            rows_per_file=rows_per_file,
        )


_HOW_TO_LOOK = """
To look at it in a browser: metrics app (in a clone: make app)
For other programs:         metrics serve"""


@click.group(invoke_without_command=True)
@click.pass_context
def demo(context: click.Context) -> None:
    """Make demo data to try the metrics on; without a command, `run` with its defaults."""
    if context.invoked_subcommand is None:
        context.invoke(run)


@demo.command()
@_output
@_scale
@_seed
@click.option(
    "--pipedrive",
    type=click.Choice(["changes", "deals"]),
    default="changes",
    show_default=True,
    help="Pipedrive as a change log without amounts, or as its API's deals with amounts.",
)
@click.option(
    "--rows-per-file",
    type=click.IntRange(min=1),
    metavar="N",
    help="Write each table as a directory of files with at most N rows; without, as one file.",
)
def generate(
    output: Path, scale: float, seed: int, pipedrive: str, rows_per_file: int | None
) -> None:
    """Write Pipedrive's, Salesforce's and a planning tool's tables as Parquet, and truth.json.

    truth.json says what was planted in them. Memory does not grow with the scale.
    """
    from metrics_store.demo.demo_data import TRUTH_FILE

    with_deals = pipedrive == "deals"
    made = _generate(output, scale, seed, with_deals=with_deals, rows_per_file=rows_per_file)
    for name, source in made.items():
        for table, rows in source.rows.items():
            if rows_per_file:
                files = max(1, -(-rows // rows_per_file))
                said = f"{rows:,} rows in {files:,} file{'s' if files > 1 else ''}"
                click.echo(f"{output / name / table}: {said}")
            else:
                click.echo(f"{output / name / table}.parquet: {rows:,} rows")
    click.echo(f"{output / TRUTH_FILE}: what was planted")


@demo.command()
@_output
@_scale
@_seed
@click.option("--replace", is_flag=True, help="Replace other data in the warehouse.")
def run(output: Path, scale: float, seed: int, *, replace: bool) -> None:
    """Generate the data, load and build it into the embedded warehouse, and ask `mf query`."""
    from metrics_store.demo.walkthrough import ask, load_and_build, require_demo_data
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.warehouse.progress import say, working

    target = load_target(find_project_directory(), "duckdb")
    sources = _generate(output, scale, seed)
    if not replace:
        require_demo_data(target, sources)
    say("Building the marts and testing them (about a minute) ...")
    with working("loading, building, testing"):
        built = load_and_build(target, output, list(sources))
    say(built)
    ask(target, click.echo)
    click.echo(_HOW_TO_LOOK)
