"""A session of one command with the engine; Ctrl-C cancels its requests."""

from __future__ import annotations

import contextlib
import dataclasses
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from metrics_store.access.principal import LOCAL
from metrics_store.engine.call import Call
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import MetricsStoreError
from metrics_store.project.location import find_project_directory
from metrics_store.project.profile import load_target
from metrics_store.query.plans.plan_cache import default_directory
from metrics_store.query.spans.asked_period import FISCAL
from metrics_store.warehouse.statement import Limits

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from metrics_store.engine.snapshots.metric_list import ListedMetric
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.output.terminal_chart import ChartStyle

_INTERRUPTED = 130
# Whoever sits before it stops it by hand; what they wait for must only fit into memory.
_LIMITS = Limits(seconds=24 * 3600, rows=20_000_000, bytes=4 * 1024**3)


@dataclass(frozen=True)
class EngineSession:
    """Sends requests to an engine as the principal of this machine."""

    engine: Engine

    def answer(self, request: MetricRequest) -> pa.Table:
        """Answer a request; Ctrl-C cancels it in the warehouse as well.

        Raises:
            MetricsStoreError: The request is wrong, or cannot be answered.
        """
        call = Call("command line")
        with ThreadPoolExecutor(1) as work:
            answer = work.submit(self.engine.answer, request, LOCAL, call)
            try:
                table = answer.result().table
            except KeyboardInterrupt:
                call.cancel()
                click.echo("stopped", err=True)
                raise click.exceptions.Exit(_INTERRUPTED) from None
        _warn(call)
        return table

    def answer_to_read(self, request: MetricRequest) -> tuple[pa.Table, bool]:
        """Answer a request for people: names in the place of keys, in the order of the process.

        Returns:
            The rows, and whether they have an order: one that was asked for, or is declared.

        Raises:
            MetricsStoreError: The request is wrong, or cannot be answered.
        """
        table, labels = self.answer_in_names(request)
        has_order = bool(request.order_by or request.saved_query or request.limit is not None)
        if not has_order:
            table, has_order = self.in_order(table)
        if labels:
            from metrics_store.query.output.entity_labels import with_labels

            table = with_labels(table, labels)
        return table, has_order

    def answer_in_names(self, request: MetricRequest) -> tuple[pa.Table, dict[str, str]]:
        """Answer a request for people, who read the name of an owner and not the key.

        Returns:
            The rows of `answer`, with a column of names before each that has keys; and which is
            whose: key -> name. None where the metrics cannot be asked by the names.

        Raises:
            MetricsStoreError: The request is wrong, or cannot be answered.
        """
        labels = self.engine.label_names(request.group_by, LOCAL) if request.group_by else {}
        labels = {key: name for key, name in labels.items() if name not in request.group_by}
        if labels:
            both = [one for key in request.group_by for one in (labels.get(key), key) if one]
            with contextlib.suppress(MetricsStoreError):
                return self.answer(dataclasses.replace(request, group_by=both)), labels
        return self.answer(request), {}

    def reference_date(self) -> dt.date | None:
        """Give the last day that the data tell of; none where the definitions declare none."""
        return self.engine.reference_date()

    def dated(self, request: MetricRequest) -> MetricRequest:
        """Give a request with the days of its period as its start and end."""
        return self.engine.dated(request)

    def fiscal_names(self) -> dict[str, dict[dt.date, str]]:
        """Give each fiscal grain -> what its periods are called, by their first days."""
        return self.engine.fiscal_names()

    def value_ranks(self, group_bys: Sequence[str]) -> dict[str, dict[object, object]]:
        """Give the order that the values of group-bys have of their own, such as stages."""
        return self.engine.value_ranks(group_bys, LOCAL)

    def reference_in_words(self) -> str:
        """Say which day the data tell of; nothing where the definitions declare none."""
        reference = self.reference_date()
        return "" if reference is None else f"as of {reference}"

    def days_in_words(self, request: MetricRequest) -> str:
        """Say which day the data tell of, and which days a request asks for by their period."""
        words = [one] if (one := self.reference_in_words()) else []
        if request.period is not None:
            dated = self.dated(request)
            first, last = (
                "" if one is None else f"{one:%Y-%m-%d}"
                for one in (dated.start_time, dated.end_time)
            )
            days = (
                f"{first} to {last}"
                if first and last
                else (f"from {first}" if first else f"until {last}")
            )
            words.append(f"{request.period}: {days}")
        return "; ".join(words)

    def in_order(self, answer: pa.Table) -> tuple[pa.Table, bool]:
        """Give an answer with its groups in the order of a process, and whether one is declared."""
        ranks = self.value_ranks(answer.column_names)
        if not ranks:
            return answer, False
        from metrics_store.query.output.sorted_groups import in_order

        return in_order(answer, ranks), True

    def with_fiscal_names(self, answer: pa.Table) -> pa.Table:
        """Give an answer whose fiscal periods are called by name, such as `FY2024-Q3`."""
        grains = [name.rpartition("__")[2] for name in answer.column_names]
        if not any(one.startswith(FISCAL) for one in grains):
            return answer
        from metrics_store.query.output.fiscal_periods import with_names

        return with_names(answer, self.fiscal_names())

    def chart_style(self, *, keeps_order: bool) -> ChartStyle:
        """Say how a chart is drawn here."""
        from metrics_store.query.output.terminal_chart import ChartStyle

        return ChartStyle(lambda metric: self.definitions().adds_up(metric), keeps_order)

    def in_full(self, request: MetricRequest) -> MetricRequest:
        """Give a request with the full names of dimensions that it names by their last part.

        Raises:
            MetricsStoreError: Its metrics have several dimensions of such a name.
        """
        return self.engine.in_full(request, LOCAL)

    def full_names(self, names: Sequence[str], metrics: Sequence[str]) -> list[str]:
        """Give the full names of dimensions that are named by their last part.

        Raises:
            MetricsStoreError: The metrics have several dimensions of such a name.
        """
        return self.engine.full_names(names, metrics, LOCAL) if names else []

    def metric_list(self) -> list[ListedMetric]:
        """List the metrics that are visible here.

        Raises:
            MetricsStoreError: Nothing is built, or nobody here may see anything.
        """
        return self.engine.metric_list(LOCAL)

    def definitions(self) -> Definitions:
        """Give the definitions that are visible here.

        Raises:
            MetricsStoreError: Nothing is built, or nobody here may see anything.
        """
        return self.engine.definitions(LOCAL)

    def compile(self, request: MetricRequest) -> str:
        """Give the SQL of a request, with its roll-ups and how it was made faster in comments.

        Raises:
            MetricsStoreError: The request is wrong.
        """
        call = Call("command line")
        sql = self.engine.compile(request, LOCAL, call)
        _warn(call)
        notes = [f"-- from the roll-up {name}" for name in call.rollups]
        notes += [f"-- no roll-up: {reason}" for reason in call.rollup_reasons]
        return "\n".join([*notes, sql, *(f"-- {one}" for one in call.rewrites)])


def _warn(call: Call) -> None:
    """Print the notices of an answer."""
    for warning in call.warnings:
        click.echo(f"warning: {warning}", err=True)


@contextmanager
def open_session(target: str | None, definitions: Path | None = None) -> Iterator[EngineSession]:
    """Open the engine of the project here, on a target, for the `with` block.

    Args:
        target: The target; none for the profile's own.
        definitions: A directory with dbt's manifests to use; none for those that were built.
    """
    settings = EngineSettings(
        limits=_LIMITS, plan_directory=default_directory(), definitions=definitions
    )
    project = find_project_directory()
    engine = Engine(load_target(project, target), settings)
    try:
        yield EngineSession(engine)
    except MetricsStoreError as error:
        from metrics_store.cli.requests.unbuilt_metrics import explained

        raise explained(error, project, engine.artifacts) from None
    finally:
        engine.close()
