"""A question against the definitions, before MetricFlow sees it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.checking import check_filter
from metrics_store.query.filters.objects import read_object
from metrics_store.query.filters.tree import Name
from metrics_store.query.grains import check_grain
from metrics_store.query.names import Offer, check_order_by, known_grains, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.query.planner import Planner
    from metrics_store.query.request import MetricRequest


def checked(planner: Planner, question: MetricRequest) -> MetricRequest:
    """Give the question with every name known and its filter's names told apart.

    Raises:
        MetricsStoreError: A name does not exist, does not fit, or has a grain that a metric is not
            meant for.
    """
    metrics, asked = _asked(planner, question)
    declared = {metric.name: metric for metric in planner.manifest.metrics}
    for metric in metrics:
        if metric not in declared:
            public = [one.name for one in planner.public_metrics]
            raise unknown(
                "there is no such metric", metric, public, "`metrics list` shows the metrics"
            )
    if not question.group_by and question.where is None:
        # What else a saved query asks was checked when dbt parsed it.
        check_order_by(question.order_by, asked)
        return question
    offer = Offer(
        {metric: planner.kinds(metric) for metric in metrics}, known_grains(planner.manifest)
    )
    for group_by in question.group_by:
        offer.resolve(Name(group_by.lower()))
        for metric in metrics:
            check_grain(declared[metric], group_by, planner.default_grain(metric))
    check_order_by(question.order_by, asked)
    if question.where is None:
        return question
    return dataclasses.replace(question, where=check_filter(question.where, offer.resolve))


def _asked(planner: Planner, question: MetricRequest) -> tuple[Sequence[str], list[str]]:
    """Give the metrics of a question, and with its group-bys all that it can be ordered by."""
    if question.saved_query is None:
        if not question.metrics:
            raise MetricsStoreError(
                "no metric is asked for", remedy="`metrics list` shows the metrics"
            )
        return question.metrics, [*question.metrics, *question.group_by]
    saved = {one.name: one.query_params for one in planner.manifest.saved_queries}
    if question.saved_query not in saved:
        raise unknown(
            "there is no such saved query",
            question.saved_query,
            saved,
            "the saved queries are " + ", ".join(sorted(saved)) if saved else "",
        )
    parameters = saved[question.saved_query]
    group_bys = [str(read_object(one)) if "(" in one else one for one in parameters.group_by]
    return parameters.metrics, [*parameters.metrics, *group_bys, *question.group_by]
