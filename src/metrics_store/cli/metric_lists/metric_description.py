"""What `metrics list METRIC` says of a metric."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.table import Table

    from metrics_store.query.definitions.definition_entries import MetricDefinition
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.definitions.deprecation import Deprecation

# The grain that an example goes by, the first that a metric has; and how many of its periods.
_EXAMPLE_GRAINS = {"quarter": 4, "month": 6, "fiscal_quarter": 4, "week": 8, "day": 14, "year": 2}
_TIME = "metric_time"


def describe(definitions: Definitions, metric: str) -> None:
    """Print what a metric means, how it is worked out, and what it can be asked by.

    Raises:
        MetricsStoreError: There is no such metric.
    """
    from rich.console import Console

    entry = definitions.metric(metric)
    named = dimensions_of(definitions, metric)
    named |= {one.name: one.description for one in definitions.entities([metric])}
    console = Console(highlight=False, markup=False)
    end = end_of(entry.deprecated).replace("deprecated", "Deprecated", 1)
    facts = "\n".join(f"{name + ':':<9} {text}" for name, text in _facts(definitions, entry))
    examples = "\n".join(f"  {one}" for one in _examples(definitions, entry))
    words = [f"{entry.name}: {entry.label}", end, entry.description.strip(), facts]
    console.print("\n\n".join(filter(None, words)))
    # A command is to be copied as one line.
    click.echo(f"\nExamples:\n{examples}\n\nGroup by:")
    console.print(table_of(named))
    if entry.not_by:
        console.print("\nNot by:")
        console.print(table_of(entry.not_by))


def dimensions_of(definitions: Definitions, metric: str | None) -> dict[str, str]:
    """Give the dimensions of a metric, or all there are, with their meanings."""
    found = definitions.dimensions([] if metric is None else [metric])
    return {one.qualified_name: one.description for one in found}


def end_of(deprecated: Deprecation | None) -> str:
    """Say when a deprecated metric ends; nothing where it goes on."""
    return deprecated.words(dt.datetime.now(dt.UTC).date()) if deprecated else ""


def table_of(named: Mapping[str, str]) -> Table:
    """Give names and their meanings in two columns."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for name, words in sorted(named.items()):
        table.add_row(f"  {name}", words)
    return table


def _facts(definitions: Definitions, entry: MetricDefinition) -> Iterator[tuple[str, str]]:
    """Give what is declared of a metric besides its meaning, a line each."""
    from metrics_store.catalogue.metric_formula import formula
    from metrics_store.query.search_rank import synonyms_of

    declared = definitions.declared(entry.name)
    if declared is not None:
        yield "Formula", formula(*declared)
    grains = ", ".join(entry.grains)
    if grains and entry.requires_metric_time:
        grains += " (it answers only by metric_time)"
    facts = {"Unit": entry.unit, "Type": entry.type, "Times": grains}
    facts["Also"] = ", ".join(synonyms_of(entry.meta))
    for name in ("owner", "tier", "version"):
        facts[name.capitalize()] = str(entry.meta.get(name) or "")
    yield from ((name, text) for name, text in facts.items() if text)


def _examples(definitions: Definitions, entry: MetricDefinition) -> Iterator[str]:
    """Give two questions that the metric answers: its periods, and a dimension people ask it by."""
    grain = next((one for one in _EXAMPLE_GRAINS if one in entry.grains), "")
    ask = f"metrics query {entry.name}"
    if grain:
        words = grain.replace("_", " ")
        yield f"{ask} by {grain} --last {_EXAMPLE_GRAINS[grain]} {words}s"
    dimension = _favourite(definitions, entry.name)
    if dimension:
        time = f",{grain} this {grain.replace('_', ' ')}" if entry.requires_metric_time else ""
        yield f"{ask} by {dimension}{time}"
    elif not entry.requires_metric_time:
        yield ask


def _favourite(definitions: Definitions, metric: str) -> str:
    """Give the dimension that most saved queries have the metric by; else the first of its own."""
    known = {
        one.qualified_name for one in definitions.dimensions([metric]) if one.type == "categorical"
    }
    counts = dict.fromkeys(sorted(known), 0)
    for saved in definitions.saved_queries():
        if metric in saved.metrics:
            for one in saved.group_by:
                if one.name in counts:
                    counts[one.name] += 1
    return max(counts, key=lambda name: counts[name], default="")
