"""`metrics build`: build the warehouse with dbt."""

from __future__ import annotations

import sys
import time
from contextlib import nullcontext

import click

from metrics_store.cli.stop_signals import StoppedError, stopped_by_signals
from metrics_store.cli.target_option import target_option


@click.command()
@target_option
@click.option("--full-refresh", is_flag=True, help="Rebuild incremental models from scratch.")
@click.option("--select", multiple=True, metavar="SELECTOR", help="Build only these dbt nodes.")
@click.option("--exclude", multiple=True, metavar="SELECTOR", help="Leave these dbt nodes out.")
@click.option("--vars", "variables", default="", metavar="YAML", help="Variables for the project.")
@click.option("--threads", type=click.IntRange(min=1), help="How many models to build at once.")
@click.option("--unit-tests", is_flag=True, help="Run dbt's unit tests too; CI does.")
@click.option("--all-tests", is_flag=True, help="Test all rows, not only what the run rewrites.")
def build(  # noqa: PLR0913 - an argument an option
    *,
    target: str | None,
    full_refresh: bool,
    select: tuple[str, ...],
    exclude: tuple[str, ...],
    variables: str,
    threads: int | None,
    unit_tests: bool,
    all_tests: bool,
) -> None:
    """Build the warehouse with dbt: seeds, snapshots, models and tests.

    Everything is built beside what is live and takes its place at once when all of it succeeded;
    warnings do not stop it. Readers may go on reading all the while.
    """
    from metrics_store.build.build_options import BuildOptions
    from metrics_store.build.warehouse_build import run_build
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.review.revisions.build_source import recording_source

    project = find_project_directory()
    # What is built in part, or by other variables, is not what the files say.
    is_whole = not (select or exclude or variables)
    started = time.monotonic()
    options = BuildOptions(
        full_refresh,
        select,
        exclude,
        variables,
        threads,
        unit_tests=unit_tests,
        all_tests=all_tests,
    )
    try:
        with stopped_by_signals(), recording_source(project) if is_whole else nullcontext():
            built = run_build(load_target(project, target), options)
    except StoppedError as stopped:
        click.echo(f"stopped ({stopped}): the build is not complete", err=True)
        sys.exit(stopped.exit_code)
    click.echo(f"{built} in {time.monotonic() - started:.1f} s")
