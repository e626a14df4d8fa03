"""`metrics demo`: demo data, made on the spot."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from metrics_store.demo.generate import TRUTH_FILE, check_request, work
from metrics_store.demo.generate import generate as generate_data


@click.group()
def demo() -> None:
    """Make demo data to try the metrics on."""


@demo.command()
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("demo_data"),
    show_default=True,
    help="Directory to write to; made where it is missing.",
)
@click.option(
    "--scale",
    type=float,
    default=1.0,
    show_default=True,
    help="Size: 1 is about 2,000 deals over 3 years.",
)
@click.option(
    "--seed",
    type=int,
    default=7,
    show_default=True,
    help="The same seed and scale give the same bytes.",
)
def generate(output: Path, scale: float, seed: int) -> None:
    """Write Pipedrive-shaped tables as Parquet, and truth.json: what was planted in them."""
    check_request(output, scale)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as progress:
        task = progress.add_task("Generating deals", total=work(scale))
        sources = generate_data(output, scale, seed, lambda done: progress.advance(task, done))
    for name, source in sources.items():
        for table, rows in source.rows.items():
            click.echo(f"{output / name / table}.parquet: {rows:,} rows")
    click.echo(f"{output / TRUTH_FILE}: what was planted")
