"""The connection to an engine in this process."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, TypeVar

from metrics_store.access.principal import LOCAL
from metrics_store.client.connection import Connection, listed
from metrics_store.client.result import Result
from metrics_store.engine.call import Call
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import MetricsStoreError
from metrics_store.query.definitions.listed_entries import (
    Listed,
    ListedDimension,
    ListedEntity,
    ListedMeasure,
    ListedMetric,
    ListedSavedQuery,
    described_metric,
)
from metrics_store.query.definitions.pages import search_items
from metrics_store.query.forms.request_form import QuestionForm, ValuesForm, read_form
from metrics_store.query.plans.plan_cache import default_directory
from metrics_store.warehouse.statement import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from metrics_store.client.connection import Names
    from metrics_store.engine.answer import Answer
    from metrics_store.project.profile import Target
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.definitions.listed_entries import DescribedMetric

Thing = TypeVar("Thing", bound=Listed)

# Whoever runs the process knows best how long they wait.
_LIMITS = Limits(seconds=3600, rows=100_000_000, bytes=8 * 1024**3)


class LocalConnection(Connection):
    """An engine of one's own, with the rights of whoever runs the process.

    Args:
        target: The target.
        rollups: Whether questions may be answered from roll-ups.
    """

    def __init__(self, target: Target, *, rollups: bool = True) -> None:
        settings = EngineSettings(
            limits=_LIMITS, plan_directory=default_directory(), rollups=rollups
        )
        self._engine = Engine(target, settings)
        # Whoever does not close it finds DuckDB's objects alive at the end of the program.
        self._close = weakref.finalize(self, self._engine.close)

    def _query(self, fields: dict[str, Any]) -> Result:
        request = read_form(QuestionForm, fields).request()
        return _result(self._engine.answer(request, LOCAL, Call("python")))

    def _query_many(self, questions: list[dict[str, Any]]) -> list[Result]:
        requests = [read_form(QuestionForm, fields).request() for fields in questions]
        asked = [(request, Call("python")) for request in requests]
        return [_answered(one) for one in self._engine.answer_many(asked, LOCAL)]

    def _compile(self, fields: dict[str, Any]) -> tuple[str, Sequence[str], Sequence[str]]:
        request = read_form(QuestionForm, fields).request()
        call = Call("python")
        sql = self._engine.compile(request, LOCAL, call)
        return sql, call.warnings, [one.kind.value for one in call.notices]

    def _dimension_values(self, fields: dict[str, Any]) -> Result:
        request = read_form(ValuesForm, fields).request()
        return _result(self._engine.dimension_values(request, LOCAL, Call("python")))

    def _listed(
        self, kind: type[Thing], find: Callable[[Definitions], Iterable[object]]
    ) -> list[Thing]:
        return [kind.model_validate(one) for one in find(self._engine.definitions(LOCAL))]

    def metrics(self, search: str | None = None) -> list[ListedMetric]:
        """List the metrics."""
        return self._listed(ListedMetric, lambda all_: search_items(all_.metrics(), [search]))

    def metric(self, name: str) -> DescribedMetric:
        """Describe a metric."""
        return described_metric(self._engine.definitions(LOCAL), name)

    def dimensions(self, metrics: Names | None = None) -> list[ListedDimension]:
        """List dimensions."""
        return self._listed(ListedDimension, lambda all_: all_.dimensions(listed(metrics)))

    def entities(self, metrics: Names | None = None) -> list[ListedEntity]:
        """List entities."""
        return self._listed(ListedEntity, lambda all_: all_.entities(listed(metrics)))

    def measures(self, metrics: Names | None = None) -> list[ListedMeasure]:
        """List measures."""
        return self._listed(ListedMeasure, lambda all_: all_.measures(listed(metrics)))

    def saved_queries(self) -> list[ListedSavedQuery]:
        """List the saved queries."""
        return self._listed(ListedSavedQuery, lambda all_: all_.saved_queries())

    def close(self) -> None:
        """Close the engine."""
        self._close()


def _answered(answer: Answer | MetricsStoreError) -> Result:
    if isinstance(answer, MetricsStoreError):
        raise answer
    return _result(answer)


def _result(answer: Answer) -> Result:
    return Result(
        answer.table,
        answer.data_version,
        answer.request_id,
        answer.warnings,
        answer.rollups,
        answer.rollup_reasons,
        answer.warning_kinds,
        answer.reference_date,
    )
