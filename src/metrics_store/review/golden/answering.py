"""What a golden question answers now: asked of the warehouse itself, past all policies.

A golden value says what a metric means, and not what somebody may see of it.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metrics_store.review.golden.rows import as_golden_csv

if TYPE_CHECKING:
    from metrics_store.query.store import MetricStore
    from metrics_store.review.golden.golden_file import GoldenQuestion


def golden_answer(question: GoldenQuestion, store: MetricStore) -> str:
    """Give the answer as CSV, its rows in an order that leaves none open.

    Raises:
        MetricsStoreError: The question does not fit the metrics.
    """
    request = question.request()
    ordered = {name.removeprefix("-").lower() for name in request.order_by}
    rest = [name for name in request.group_by if name.lower() not in ordered]
    answer = store.answer(dataclasses.replace(request, order_by=(*request.order_by, *rest)))
    # Warehouses order texts by rules of their own; what is asked for newest first stays so.
    return as_golden_csv(answer, sort_by=0 if request.order_by else len(request.group_by))
