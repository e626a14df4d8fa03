"""`metrics changelog`: the history of a metric."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from metrics_store.cli.target_option import target_option

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.argument("metric")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Leave out older changes; what the metric was then stands at the end.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "markdown", "json"]),
    default="terminal",
    show_default=True,
)
@target_option
def changelog(metric: str, since: datetime | None, form: str, target: str | None) -> None:
    """Tell from git how a METRIC changed, the newest first, and what it meant until then.

    Each step has its version, what the changelog said of the metric then, and what changed. Every
    state of the definitions on the way is read once, which takes dbt some seconds each; what it
    changed is kept for the next time.
    """
    import datetime as dt

    from metrics_store.cli.review.definition_history import read_history
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.review.report.history_report import FORMS, history_document
    from metrics_store.review.versions.changelog_words import told_of
    from metrics_store.review.versions.metric_history import events

    chosen = load_target(find_project_directory(), target)
    after = since.replace(tzinfo=dt.UTC) if since else None
    steps = read_history(chosen, after)
    found = events(steps, metric)
    told = told_of(found, steps, chosen.project_directory)
    document = history_document(metric, found, steps, after, told)
    text = json.dumps(document, indent=2) + "\n" if form == "json" else FORMS[form](document)
    click.echo(text, nl=False)
