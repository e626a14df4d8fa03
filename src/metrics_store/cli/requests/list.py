"""`metrics list`: the metrics, and what one can be grouped by."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from metrics_store.cli.requests.name_completion import complete_metrics
from metrics_store.cli.target_option import target_option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.table import Table

    from metrics_store.query.definitions.definition_entries import MetricDefinition
    from metrics_store.query.definitions.definitions import Definitions

# Labels stand in one column; the few names that are longer push theirs to the right.
NAME_WIDTH = 44


@click.command("list")
@click.argument("metric", required=False, shell_complete=complete_metrics)
@click.option("--search", default="", help="Only metrics that have this word.")
@target_option
def list_(*, metric: str | None, search: str, target: str | None) -> None:
    """List the metrics; with METRIC, what it means and what it can be grouped by."""
    from metrics_store.cli.requests.engine_session import open_session

    with open_session(target) as session:
        definitions = session.definitions()
    if metric is None:
        _list_all(definitions, search.lower())
    else:
        _describe(definitions, metric)


def _list_all(definitions: Definitions, search: str) -> None:
    entries = [
        entry
        for entry in definitions.metrics()
        if search in f"{entry.name} {entry.label} {entry.description}".lower()
    ]
    for entry in entries:
        marked = f"{entry.label} [{_end(entry)}]" if entry.deprecated else entry.label
        click.echo(f"{entry.name:<{NAME_WIDTH}}  {marked}".rstrip())
    click.echo(f"{len(entries)} metrics; `metrics list METRIC` says what one means")


def _end(entry: MetricDefinition) -> str:
    found = entry.deprecated
    return found.words(dt.datetime.now(dt.UTC).date()) if found else ""


def _describe(definitions: Definitions, metric: str) -> None:
    from rich.console import Console

    entry = definitions.metric(metric)
    named = {one.qualified_name: one.description for one in definitions.dimensions([metric])}
    named |= {one.name: one.description for one in definitions.entities([metric])}
    console = Console(highlight=False, markup=False)
    end = _end(entry).replace("deprecated", "Deprecated", 1)
    words = [f"{entry.name}: {entry.label}", end, entry.description.strip(), "Group by:"]
    console.print("\n\n".join(filter(None, words)))
    console.print(_table(named))
    if entry.not_by:
        console.print("\nNot by:")
        console.print(_table(entry.not_by))


def _table(named: Mapping[str, str]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for name, words in sorted(named.items()):
        table.add_row(f"  {name}", words)
    return table
