"""`metrics load`: CSV or Parquet files into the raw tables of a source."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from metrics_store.cli.stop_signals import StoppedError, stopped_by_signals
from metrics_store.cli.target_option import target_option


@click.command()
@click.argument("source")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A YAML file that says which columns of the files are which of the source.",
)
@click.option(
    "--encoding",
    type=click.Choice(["utf-8", "utf-16", "latin-1", "windows-1252"]),
    default="utf-8",
    help="What files are in that are not UTF-8.",
)
@click.option(
    "--dates",
    type=click.Choice(["iso", "us", "eu"]),
    default="iso",
    help="How days are written: 2024-07-24, or besides as 7/24/2024 (us), as 24.7.2024 (eu).",
)
@click.option("--decimal-comma", is_flag=True, help="Numbers are written as 1.234,5.")
@click.option(
    "--reject-to",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Set rows aside that break a rule, with the reason, and load the others.",
)
@click.option(
    "--in-place",
    is_flag=True,
    help="Read Parquet where it lies, without a copy; it has to stay there as it is (DuckDB).",
)
@target_option
def load(  # noqa: PLR0913 - the command's options
    source: str,
    directory: Path,
    *,
    mapping: Path | None,
    encoding: str,
    dates: str,
    decimal_comma: bool,
    reject_to: Path | None,
    in_place: bool,
    target: str | None,
) -> None:
    """Load the files in DIR into the raw tables of the dbt source SOURCE.

    DIR holds a CSV or Parquet file for each table of the source, or its parts (`Opportunity_1.csv`,
    or a directory), separated by commas, semicolons or tabs, packed with gzip or not. All of them
    are checked against the source's contract (types, not_null, unique, accepted_values) before
    anything is written; one bad row, and every table stays as it was, but with --reject-to. Loading
    the same files again changes nothing.
    """
    from metrics_store.load.load_options import Formats, LoadOptions
    from metrics_store.load.loader import load_source
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target

    chosen = load_target(find_project_directory(), target)
    options = LoadOptions(Formats(encoding, dates, decimal_comma), mapping, reject_to, in_place)
    try:
        with stopped_by_signals():
            loaded = load_source(source, directory, chosen, options)
    except StoppedError as stopped:
        click.echo(f"stopped ({stopped}): the load did not complete", err=True)
        sys.exit(stopped.exit_code)
    for table in loaded:
        how = ", read in place" if table.in_place else ""
        click.echo(f"{table.relation}: {table.rows:,} rows from {table.file or 'no file'}{how}")
        for note in table.notes:
            click.echo(f"  {note}")
    rejected = sum(table.rejected for table in loaded)
    if rejected:
        rows = "1 row was" if rejected == 1 else f"{rejected:,} rows were"
        click.echo(f"{rows} set aside and not loaded: {reject_to} says why")
    click.echo(f"loaded {source} into the target {chosen.name}")
