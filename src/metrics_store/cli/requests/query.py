"""`metrics query`: values of metrics."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import click

from metrics_store.cli.requests.answer_output import FORMATS, AnswerOutput
from metrics_store.cli.requests.name_completion import (
    complete_group_bys,
    complete_metrics,
    complete_saved_queries,
)
from metrics_store.cli.requests.spoken_question import SpokenCommand
from metrics_store.cli.target_option import target_option

if TYPE_CHECKING:
    from metrics_store.query.filters.filter_tree import Filter
    from metrics_store.query.metric_request import MetricRequest


def _names(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[str]:
    """Split comma-separated names; an option may also be repeated."""
    del context, parameter
    return [name for value in values for part in value.split(",") if (name := part.strip())]


def _order(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> list[str]:
    """Read names to order by, also as SQL has them: `won_revenue desc`."""
    found = []
    for name in _names(context, parameter, values):
        bare, _, direction = name.partition(" ")
        if direction.strip().lower() not in ("", "asc", "desc"):
            raise click.BadParameter(
                f"{name}: write a name, -NAME, or NAME desc", context, parameter
            )
        descends = direction.strip().lower() == "desc"
        found.append(f"-{bare.removeprefix('-')}" if descends else bare)
    return found


@click.command(cls=SpokenCommand)
@click.argument(
    "named", nargs=-1, callback=_names, shell_complete=complete_metrics, metavar="[METRIC]..."
)
@click.option(
    "--metrics",
    multiple=True,
    callback=_names,
    shell_complete=complete_metrics,
    help="As METRIC, separated by commas; without any, the values of the group-bys.",
)
@click.option(
    "--group-by",
    "--by",
    multiple=True,
    callback=_names,
    shell_complete=complete_group_bys,
    help="Dimensions, separated by commas, such as owner__team and metric_time__month, or by their "
    "last part: team, month.",
)
@click.option(
    "--where",
    multiple=True,
    metavar="FILTER",
    help="What must hold, such as \"owner__team = 'EMEA'\"; several must all hold.",
)
@click.option(
    "--order-by",
    "--order",
    multiple=True,
    callback=_order,
    shell_complete=complete_group_bys,
    help='Names to order by; -NAME or "NAME desc" for descending.',
)
@click.option("--limit", type=click.IntRange(min=0), help="Greatest number of rows.")
@click.option(
    "--in",
    "period",
    metavar="PERIOD",
    help='The days that count: 2024-Q4, 2024-12, FY2024-Q3 or "2024-Q1 to 2024-Q3".',
)
# They are there to be read and completed: what is said with them arrives as --in.
@click.option(
    "--last",
    metavar="[N] PERIODS",
    expose_value=False,
    help="The periods that are over by the reference date, such as 4 quarters.",
)
@click.option(
    "--this",
    metavar="PERIOD",
    expose_value=False,
    help="The running period, to its end, such as month.",
)
@click.option(
    "--next",
    metavar="[N] PERIODS",
    expose_value=False,
    help="The periods that begin after the running one, such as 30 days.",
)
@click.option(
    "--start-time",
    "--start",
    metavar="DAY",
    help="First day that counts, as by `metric_time__day >= ...`: periods are not widened. Or a "
    "period that it begins, such as 2024-Q1.",
)
@click.option(
    "--end-time",
    "--end",
    metavar="DAY",
    help="Last day that counts, whole, whatever the question groups by. Or a period that it ends.",
)
@click.option(
    "--saved-query",
    metavar="NAME",
    shell_complete=complete_saved_queries,
    help="A saved query, in place of --metrics.",
)
@click.option(
    "--as-defined-at",
    metavar="DATE-or-REV",
    help="Ask by the definitions of another day, or of a git revision, on today's data.",
)
@click.option("--explain", is_flag=True, help="Show the SQL instead of the answer.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(FORMATS),
    help="By default by the name of --output; at a terminal a table, for programs plain values.",
)
@click.option("--total", is_flag=True, help="Add the value of all rows together, as the last row.")
@click.option("--plot", is_flag=True, help="Draw a chart instead of a table.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the answer to a file, in the format that its name ends with.",
)
@target_option
def query(  # noqa: PLR0913 - an argument an option
    *,
    named: list[str],
    metrics: list[str],
    group_by: list[str],
    where: tuple[str, ...],
    order_by: list[str],
    limit: int | None,
    period: str | None,
    start_time: str | None,
    end_time: str | None,
    saved_query: str | None,
    as_defined_at: str | None,
    explain: bool,
    output_format: str | None,
    total: bool,
    plot: bool,
    output: Path | None,
    target: str | None,
) -> None:
    """Ask for metrics, by dimensions.

    \b
    metrics query funnel_deals --by month
    metrics query funnel_deals --where "metric_time >= '2024-01-01'"
    metrics query funnel_deals --by month --plot
    metrics query win_rate,won_count --by team --total
    metrics query win_rate by industry --last 4 quarters
    metrics query --saved-query sales_funnel_monthly --output funnel.xlsx

    \b
    Exit codes: 0 answered; 1 the question is wrong; 2 the options are wrong;
    3 not allowed; 4 too large or too slow; 5 the warehouse cannot be reached; 130 interrupted.
    """  # noqa: D301 - click reads the sign
    metrics = [*named, *metrics]
    if bool(metrics or group_by) == bool(saved_query):
        raise click.UsageError("name either --metrics or --saved-query")
    if total and (saved_query or plot or not group_by):
        raise click.UsageError("--total goes with metrics and --group-by")
    shown = AnswerOutput.chosen(output_format, output, plot=plot, total=total)

    from metrics_store.cli.requests.arrow_import import import_arrow_alone

    import_arrow_alone()
    from metrics_store.cli.requests.asked_days import asked_days
    from metrics_store.cli.requests.engine_session import open_session
    from metrics_store.query.metric_request import MetricRequest

    days = asked_days(period, start_time, end_time)
    request = MetricRequest(
        metrics=metrics,
        group_by=group_by,
        order_by=order_by,
        limit=limit,
        start_time=days.start,
        end_time=days.end,
        period=days.period,
        saved_query=saved_query,
        where=_filter(where),
    )
    definitions = _definitions(as_defined_at, request, target) if as_defined_at else None
    with open_session(target, definitions) as session:
        request = session.in_full(request)
        if explain:
            click.echo(session.compile(request))
            return
        if not shown.is_for_people:
            shown.show(session.answer(request), None)
            return
        table, keeps_order = session.answer_to_read(request)
        if not plot:
            table = session.with_fiscal_names(table)
        whole = session.answer(_without_groups(request)) if total else None
        style = session.chart_style(keeps_order=keeps_order) if plot else None
        shown.show(table, whole, session.days_in_words(request), style)


def _without_groups(request: MetricRequest) -> MetricRequest:
    return dataclasses.replace(request, group_by=(), order_by=(), limit=None)


def _filter(texts: tuple[str, ...]) -> Filter | None:
    if not texts:
        # The parser takes a tenth of a second to import.
        return None
    from metrics_store.query.filters.parser.filter_parser import parse_filters

    return parse_filters(texts)


def _definitions(moment: str, request: MetricRequest, target: str | None) -> Path:
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.review.past_definitions import as_defined_at

    found = as_defined_at(moment, request, load_target(find_project_directory(), target))
    for note in found.notices:
        click.echo(f"note: {note}", err=True)
    return found.artifacts
