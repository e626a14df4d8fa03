"""`metrics diff`: what changed in the definitions between two revisions, and what it means."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from metrics_store.cli.stop_signals import StoppedError, stopped_by_signals
from metrics_store.cli.target_option import target_option


@click.command()
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "markdown", "json", "html"]),
    default="terminal",
    show_default=True,
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the report to a file instead of the screen.",
)
@click.option("--values", is_flag=True, help="Build both sides and show which numbers moved.")
@click.option(
    "--data",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="DuckDB file with the raw tables to build on; else what review.yml says. A PostgreSQL "
    "target has its own.",
)
@click.option(
    "--live",
    is_flag=True,
    help="Build both sides on the raw tables of the live warehouse, whatever review.yml says.",
)
@target_option
def diff(  # noqa: PLR0913 - an argument an option
    *,
    base: str,
    head: str | None,
    form: str,
    output: Path | None,
    values: bool,
    data: Path | None,
    live: bool,
    target: str | None,
) -> None:
    """Show what changed in the definitions from BASE to HEAD, and whom it concerns.

    BASE and HEAD are git revisions, or directories with dbt's manifest.json and
    semantic_manifest.json. Without HEAD, the files as they lie here are compared.

    \b
    metrics diff main
    metrics diff v1.2.0 v1.3.0 --format markdown
    metrics diff main --format html --output review.html

    Tiers: patch is words; minor is something added; major is what can change a number, or takes a
    name away.
    """  # noqa: D301 - click reads the sign
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.review.report.report_document import document
    from metrics_store.review.report.report_formats import render
    from metrics_store.review.revision_review import review_revisions, value_diff_of

    if (data is not None or live) and not values:
        raise click.UsageError("--data and --live are what --values builds on; add --values")
    if data is not None and live:
        raise click.UsageError("--data and --live are two kinds of data; leave one out")
    chosen = load_target(find_project_directory(), target)
    try:
        # What is built for the time of a review goes, however the review ends.
        with stopped_by_signals():
            reviewed = review_revisions(base, head, chosen)
            moved = value_diff_of(reviewed, data, chosen, live=live) if values else None
    except StoppedError as stopped:
        click.echo(f"stopped ({stopped})", err=True)
        sys.exit(stopped.exit_code)
    text = render(document(reviewed.review, reviewed.base, reviewed.head, moved), form)
    with click.open_file(
        str(output or "-"), "w", encoding="utf-8", atomic=output is not None
    ) as sink:
        click.echo(text, file=sink, nl=False)
