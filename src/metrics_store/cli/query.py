"""`metrics query`: ask for metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from metrics_store.cli.options import target_option

if TYPE_CHECKING:
    from datetime import datetime


def _names(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[str]:
    """Split comma-separated names; an option may also be repeated."""
    del context, parameter
    return [name for value in values for part in value.split(",") if (name := part.strip())]


@click.command()
@click.option("--metrics", multiple=True, callback=_names, help="Metrics, separated by commas.")
@click.option(
    "--group-by",
    multiple=True,
    callback=_names,
    help="Dimensions, separated by commas, such as metric_time__month.",
)
@click.option(
    "--where",
    multiple=True,
    metavar="FILTER",
    help="What must hold, such as \"owner__team = 'EMEA'\"; several must all hold.",
)
@click.option(
    "--order-by", multiple=True, callback=_names, help="Names to order by; -NAME for descending."
)
@click.option("--limit", type=click.IntRange(min=0), help="Greatest number of rows.")
@click.option("--start-time", type=click.DateTime(), help="First day that counts.")
@click.option("--end-time", type=click.DateTime(), help="Last day that counts.")
@click.option("--saved-query", metavar="NAME", help="A saved query, in place of --metrics.")
@click.option("--explain", is_flag=True, help="Show the SQL instead of the answer.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
)
@target_option
def query(  # noqa: PLR0913 - an argument an option
    *,
    metrics: list[str],
    group_by: list[str],
    where: tuple[str, ...],
    order_by: list[str],
    limit: int | None,
    start_time: datetime | None,
    end_time: datetime | None,
    saved_query: str | None,
    explain: bool,
    output_format: str,
    target: str | None,
) -> None:
    r"""Ask for metrics, by dimensions.

    \b
    metrics query --metrics funnel_deals --group-by metric_time__month
    metrics query --metrics funnel_deals --where "metric_time >= '2024-01-01'"
    metrics query --saved-query sales_funnel_monthly --format csv
    """
    if bool(metrics) == bool(saved_query):
        raise click.UsageError("name either --metrics or --saved-query")

    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.query.filters.parsing import parse_filters
    from metrics_store.query.output import FORMATS
    from metrics_store.query.request import MetricRequest
    from metrics_store.query.store import open_store

    asked = parse_filters(where)
    store = open_store(load_target(find_project_directory(), target))
    question = MetricRequest(
        metrics=metrics,
        group_by=group_by,
        order_by=order_by,
        limit=limit,
        start_time=start_time,
        end_time=end_time,
        saved_query=saved_query,
        where=asked,
    )
    if explain:
        click.echo(store.planner.plan(question))
    else:
        click.echo(FORMATS[output_format](store.answer(question)))
