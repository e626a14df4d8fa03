"""`metrics check`: the rules for changes of definitions."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from metrics_store.cli.stop_signals import StoppedError, stopped_by_signals
from metrics_store.cli.target_option import target_option


@click.command()
@click.argument("base", required=False)
@click.argument("head", required=False)
@click.option(
    "--approved-by",
    multiple=True,
    metavar="NAME",
    help="Somebody who agreed to the change; may be repeated.",
)
@click.option(
    "--golden/--no-golden",
    default=True,
    show_default=True,
    help="Whether certified metrics must still give their golden values.",
)
@click.option("--values", is_flag=True, help="Also build both sides and show which numbers moved.")
@click.option(
    "--data",
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE",
    help="DuckDB file with the raw tables that both sides are built on.",
)
@click.option(
    "reports",
    "--report",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Also write the whole report: .md, .json or .html; may be repeated.",
)
@target_option
def check(  # noqa: PLR0913 - an argument an option
    *,
    base: str | None,
    head: str | None,
    approved_by: tuple[str, ...],
    golden: bool,
    values: bool,
    data: Path | None,
    reports: tuple[Path, ...],
    target: str | None,
) -> None:
    """Check that a change of the definitions keeps the rules.

    Compares the files as they lie here (or HEAD) with where they left the main branch (or BASE):
    a change that can alter a number raises the metric's version, is told in the changelog and, of
    a certified metric, is approved by an owner named in METRIC_OWNERS; no metric stays past the
    sunset of its deprecation; certified metrics still give their golden values.

    Exit codes: 0 all is well; 1 something must be mended.
    """
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.review.change_check import check_change
    from metrics_store.review.report.report_formats import form_of, render, write_report

    for report in reports:
        form_of(report)  # said before the work, not after it
    chosen = load_target(find_project_directory(), target)
    try:
        # What is built for the time of a review goes, however the review ends.
        with stopped_by_signals():
            document = check_change(
                base, head, chosen, approved_by, golden=golden, values=values, data=data
            )
    except StoppedError as stopped:
        click.echo(f"stopped ({stopped})", err=True)
        sys.exit(stopped.exit_code)
    click.echo(render(document, "terminal"), nl=False)
    for report in reports:
        write_report(document, report)
    if document["problems"]:
        sys.exit(1)
    click.secho("all rules are kept", fg="green", err=True)
