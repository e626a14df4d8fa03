"""Metrics answered in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.access.principal import LOCAL
from metrics_store.client.connection import Connection, conditions, listed
from metrics_store.client.result import Result
from metrics_store.engine.call import Call
from metrics_store.engine.engine import Engine
from metrics_store.query.definitions.definitions import Definitions, definitions_of
from metrics_store.query.definitions.describing import described_metric
from metrics_store.query.definitions.paging import matching
from metrics_store.query.listed import (
    DescribedMetric,
    ListedDimension,
    ListedEntity,
    ListedMeasure,
    ListedMetric,
    ListedSavedQuery,
)
from metrics_store.query.question_form import QuestionForm, ValuesForm, read_form

if TYPE_CHECKING:
    from metrics_store.client.connection import Conditions, Names
    from metrics_store.project.profile import Target
    from metrics_store.query.request import MetricRequest

_SUBJECT = "the question"


class LocalConnection(Connection):
    """An engine of one's own, with the rights of whoever runs the process."""

    def __init__(self, target: Target) -> None:
        self._engine = Engine(target)

    def _query(self, question: dict[str, Any]) -> Result:
        return self._answered(read_form(QuestionForm, question, _SUBJECT).request())

    def _compile(self, question: dict[str, Any]) -> str:
        request = read_form(QuestionForm, question, _SUBJECT).request()
        return self._engine.compile(request, LOCAL, Call("python"))

    def _answered(self, request: MetricRequest, only: int | None = None) -> Result:
        answer = self._engine.answer(request, LOCAL, Call("python"))
        table = answer.table.select(list(range(answer.table.num_columns))[:only])
        return Result(table, answer.data_version, answer.request_id)

    def dimension_values(
        self,
        dimension: str,
        metrics: Names = (),
        *,
        where: Conditions | None = None,
        limit: int | None = None,
    ) -> Result:
        """Give the values of a dimension; with metrics, those that they have."""
        said = {
            "dimension": dimension,
            "metrics": listed(metrics),
            "where": conditions(where),
            "limit": limit,
        }
        return self._answered(read_form(ValuesForm, said, _SUBJECT).request(), only=1)

    @property
    def _definitions(self) -> Definitions:
        return definitions_of(self._engine.store(LOCAL).planner)

    def metrics(self, search: str | None = None) -> list[ListedMetric]:
        """List the metrics."""
        found = matching(self._definitions.metrics(), [search])
        return [ListedMetric.model_validate(one) for one in found]

    def metric(self, name: str) -> DescribedMetric:
        """Describe a metric."""
        return described_metric(self._definitions, name)

    def dimensions(self, metrics: Names = ()) -> list[ListedDimension]:
        """List dimensions."""
        found = self._definitions.dimensions(listed(metrics))
        return [ListedDimension.model_validate(one) for one in found]

    def entities(self, metrics: Names = ()) -> list[ListedEntity]:
        """List entities."""
        found = self._definitions.entities(listed(metrics))
        return [ListedEntity.model_validate(one) for one in found]

    def measures(self, metrics: Names = ()) -> list[ListedMeasure]:
        """List measures."""
        found = self._definitions.measures(listed(metrics))
        return [ListedMeasure.model_validate(one) for one in found]

    def saved_queries(self) -> list[ListedSavedQuery]:
        """List the saved queries."""
        return [ListedSavedQuery.model_validate(one) for one in self._definitions.saved_queries()]

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()
