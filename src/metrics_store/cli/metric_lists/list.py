"""`metrics list`: the metrics by subject, and what one means and can be grouped by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from metrics_store.cli.metric_lists.metric_description import describe, dimensions_of, end_of
from metrics_store.cli.requests.name_completion import complete_group_bys, complete_metrics
from metrics_store.cli.target_option import target_option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from metrics_store.cli.requests.engine_session import EngineSession
    from metrics_store.engine.snapshots.metric_list import ListedMetric

# Labels stand in one column; the few names that are longer push theirs to the right.
_NAME_WIDTH = 40


@click.command("list")
@click.argument("metric", required=False, shell_complete=complete_metrics)
@click.option("--search", default="", help="Only metrics that fit these words, the best first.")
@click.option("--saved-queries", is_flag=True, help="List the saved queries instead.")
@click.option("--dimensions", is_flag=True, help="List the dimensions, of METRIC or of all.")
@click.option(
    "--values",
    metavar="DIMENSION",
    shell_complete=complete_group_bys,
    help="List the values of a dimension, of those that METRIC has or of all.",
)
@click.option("--all", "every", is_flag=True, help="Also metrics that are there only for others.")
@target_option
def list_(  # noqa: PLR0913 - an argument an option
    *,
    metric: str | None,
    search: str,
    saved_queries: bool,
    dimensions: bool,
    values: str | None,
    every: bool,
    target: str | None,
) -> None:
    """List the metrics by subject; with METRIC, what it means and what it can be grouped by.

    \b
    metrics list --search bookings
    metrics list win_rate
    metrics list --dimensions win_rate
    metrics list --values industry
    """  # noqa: D301 - click reads the sign
    if saved_queries + dimensions + bool(values) + bool(search) > 1:
        raise click.UsageError("--search, --saved-queries, --dimensions and --values go alone")
    if not (saved_queries or dimensions or values is not None or metric is not None):
        listed, reference = _listed(target)
        shown = [one for one in listed if every or not one.is_building_block]
        if search:
            _show_found(shown, search)
        else:
            _show_by_subject(shown, len(listed) - len(shown), reference)
        return
    with _session(target) as session:
        if saved_queries:
            _show_saved_queries(session)
        elif dimensions:
            _show_names(dimensions_of(session.definitions(), metric))
        elif values is not None:
            _show_values(session, values, metric)
        elif metric is not None:
            describe(session.definitions(), metric)


def _listed(target: str | None) -> tuple[list[ListedMetric], str]:
    """Give the metrics and the reference date in words; as kept, where nothing has changed."""
    from metrics_store.cli.metric_lists.kept_list import KeptList

    kept = KeptList.of(target)
    if kept is not None and (found := kept.read()) is not None:
        return found
    with _session(target) as session:
        listed, reference = session.metric_list(), session.reference_in_words()
    if kept is not None:
        kept.write(listed, reference)
    return listed, reference


def _session(target: str | None) -> AbstractContextManager[EngineSession]:
    from metrics_store.cli.requests.arrow_import import import_arrow_alone

    import_arrow_alone()
    from metrics_store.cli.requests.engine_session import open_session

    return open_session(target)


def _show_found(listed: Sequence[ListedMetric], words: str) -> None:
    ranked = [(rank, one) for one in listed if (rank := one.rank(words)) is not None]
    for _, one in sorted(ranked, key=lambda pair: (pair[0], pair[1].name)):
        click.echo(_line(one))
    click.echo(f"{len(ranked)} metrics; `metrics list METRIC` says what one means")


def _show_by_subject(listed: Sequence[ListedMetric], hidden: int, reference: str) -> None:
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
    if reference:
        click.echo(reference)


def _line(one: ListedMetric) -> str:
    unit = f" ({one.unit.replace('_', ' ')})" if one.unit else ""
    end = f" [{end_of(one.deprecated)}]" if one.deprecated else ""
    return f"{one.name:<{_NAME_WIDTH}}  {one.label}{unit}{end}".rstrip()


def _show_names(named: Mapping[str, str]) -> None:
    from rich.console import Console

    from metrics_store.cli.metric_lists.metric_description import table_of

    Console(highlight=False, markup=False).print(table_of(named))


def _show_saved_queries(session: EngineSession) -> None:
    for one in session.definitions().saved_queries():
        by = ", ".join(group.requested_as for group in one.group_by)
        click.echo(click.style(one.name, bold=True))
        click.echo(f"  {one.label or one.description}".rstrip())
        click.echo(f"  {', '.join(one.metrics)}" + (f"; by {by}" if by else ""))


def _show_values(session: EngineSession, dimension: str, metric: str | None) -> None:
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.output.value_texts import texts_of

    metrics = [] if metric is None else [metric]
    [name] = session.full_names([dimension], metrics)
    answer, _ = session.in_order(session.answer(MetricRequest(metrics, [name])))
    for text in texts_of(answer.schema.field(0), answer.column(0).to_pylist()):
        click.echo(text)
