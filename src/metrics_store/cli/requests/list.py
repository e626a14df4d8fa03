"""`metrics list`: the metrics by subject, and what one means and can be grouped by."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

from metrics_store.cli.requests.name_completion import complete_metrics
from metrics_store.cli.target_option import target_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.table import Table

    from metrics_store.engine.snapshots.metric_list import ListedMetric
    from metrics_store.query.definitions.definition_entries import MetricDefinition
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.definitions.deprecation import Deprecation

# Labels stand in one column; the few names that are longer push theirs to the right.
_NAME_WIDTH = 40


@click.command("list")
@click.argument("metric", required=False, shell_complete=complete_metrics)
@click.option("--search", default="", help="Only metrics that fit these words, the best first.")
@click.option("--all", "every", is_flag=True, help="Also metrics that are there only for others.")
@target_option
def list_(*, metric: str | None, search: str, every: bool, target: str | None) -> None:
    """List the metrics by subject; with METRIC, what it means and what it can be grouped by."""
    from metrics_store.cli.requests.engine_session import open_session

    with open_session(target) as session:
        if metric is not None:
            _describe(session.definitions(), metric)
            return
        listed = session.metric_list()
    shown = [one for one in listed if every or not one.is_building_block]
    if search:
        _show_found(shown, search.lower())
    else:
        _show_by_subject(shown, len(listed) - len(shown))


def _show_found(listed: Sequence[ListedMetric], words: str) -> None:
    ranked = [(rank, one) for one in listed if (rank := one.rank(words)) is not None]
    for _, one in sorted(ranked, key=lambda pair: (pair[0], pair[1].name)):
        click.echo(_line(one))
    click.echo(f"{len(ranked)} metrics; `metrics list METRIC` says what one means")


def _show_by_subject(listed: Sequence[ListedMetric], hidden: int) -> None:
    subjects: dict[str, list[ListedMetric]] = {}
    for one in listed:
        subjects.setdefault(one.subject, []).append(one)
    for subject, metrics in sorted(subjects.items()):
        click.echo(click.style(subject, bold=True))
        for one in metrics:
            click.echo(f"  {_line(one)}")
        click.echo()
    others = f" (and {hidden} that are there only for others: --all)" if hidden else ""
    click.echo(f"{len(listed)} metrics{others}; `metrics list METRIC` says what one means")


def _line(one: ListedMetric) -> str:
    unit = f" ({one.unit.replace('_', ' ')})" if one.unit else ""
    end = f" [{_end(one.deprecated)}]" if one.deprecated else ""
    return f"{one.name:<{_NAME_WIDTH}}  {one.label}{unit}{end}".rstrip()


def _end(deprecated: Deprecation | None) -> str:
    return deprecated.words(dt.datetime.now(dt.UTC).date()) if deprecated else ""


def _describe(definitions: Definitions, metric: str) -> None:
    from rich.console import Console

    entry = definitions.metric(metric)
    named = {one.qualified_name: one.description for one in definitions.dimensions([metric])}
    named |= {one.name: one.description for one in definitions.entities([metric])}
    console = Console(highlight=False, markup=False)
    end = _end(entry.deprecated).replace("deprecated", "Deprecated", 1)
    facts = "\n".join(f"{name + ':':<9} {text}" for name, text in _facts(entry).items())
    words = [f"{entry.name}: {entry.label}", end, entry.description.strip(), facts, "Group by:"]
    console.print("\n\n".join(filter(None, words)))
    console.print(_table(named))
    if entry.not_by:
        console.print("\nNot by:")
        console.print(_table(entry.not_by))


def _facts(entry: MetricDefinition) -> dict[str, str]:
    """Give what is declared of a metric besides its meaning, a line each."""
    grains = ", ".join(entry.grains)
    if grains and entry.requires_metric_time:
        grains += " (it answers only by metric_time)"
    declared = {one: entry.meta.get(one) for one in ("owner", "tier", "version")}
    facts = {"Unit": entry.unit, "Type": entry.type, "Times": grains}
    facts |= {one.capitalize(): str(text) for one, text in declared.items() if text is not None}
    return {name: text for name, text in facts.items() if text}


def _table(named: Mapping[str, str]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for name, words in sorted(named.items()):
        table.add_row(f"  {name}", words)
    return table
