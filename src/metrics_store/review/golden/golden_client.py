"""Answers golden questions from the warehouse, without policies.

A golden value says what a metric means, and not what somebody may see of it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.review.golden.golden_rows import as_golden_csv
from metrics_store.review.golden.kept_plans import kept_plans
from metrics_store.warehouse.statement import Limits, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.query.metric_store import MetricStore
    from metrics_store.review.golden.golden_file import GoldenQuestion
    from metrics_store.review.golden.kept_plans import KeptPlans
    from metrics_store.warehouse.statement import Executor

# More rows than that nobody reviews.
_LIMITS = Limits(seconds=600, rows=10_000)


@dataclass(frozen=True)
class GoldenClient:
    """Answers golden questions from one warehouse, over one connection.

    Attributes:
        plans: Plans on the definitions that belong to it.
        executor: The connection.
    """

    plans: KeptPlans
    executor: Executor

    def answer(self, question: GoldenQuestion) -> str:
        """Give the answer as CSV, its rows in an order that leaves none open.

        Raises:
            MetricsStoreError: The question does not fit the metrics, or has too many rows.
        """
        request = question.request()
        answer = self.executor.read(Statement(self.plans.plan(request), limits=_LIMITS))
        # Warehouses order texts by rules of their own; what is asked for newest first stays so.
        sort_by = 0 if request.order_by else len(request.group_by)
        return as_golden_csv(answer, sort_by=sort_by)


@contextlib.contextmanager
def open_client(store: MetricStore) -> Iterator[GoldenClient]:
    """Open a store's warehouse for the `with` block."""
    with contextlib.closing(store.warehouse.executor()) as executor, kept_plans(store) as plans:
        yield GoldenClient(plans, executor)
