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
@target_option
def load(source: str, directory: Path, target: str | None) -> None:
    """Load the files in DIR into the raw tables of the dbt source SOURCE.

    DIR holds a CSV or Parquet file for each table of the source. All of them are checked against
    the source's contract (types, not_null, unique, accepted_values) before anything is written;
    one bad file, and every table stays as it was. Loading the same files again changes nothing.
    """
    from metrics_store.load.loader import load_source
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target

    chosen = load_target(find_project_directory(), target)
    try:
        with stopped_by_signals():
            loaded = load_source(source, directory, chosen)
    except StoppedError as stopped:
        click.echo(f"stopped ({stopped}): the load did not complete", err=True)
        sys.exit(stopped.exit_code)
    for table in loaded:
        click.echo(f"{table.relation}: {table.rows:,} rows from {table.file or 'no file'}")
    click.echo(f"loaded {source} into the target {chosen.name}")
