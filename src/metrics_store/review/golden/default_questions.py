"""The golden questions of a metric for which nobody wrote any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.catalogue.catalogue_entries import example_question
from metrics_store.review.golden.golden_file import GoldenQuestion

if TYPE_CHECKING:
    import datetime as dt

    from metrics_store.review.golden.certified_metrics import CertifiedMetric

# Of finer grains than these the newest periods say enough.
_WHOLE = {"quarter", "fiscal_quarter", "year", "fiscal_year"}
_NEWEST = 12


def default_questions(
    metric: CertifiedMetric, end_time: dt.datetime | None, *, requires_time: bool
) -> list[GoldenQuestion]:
    """Give the total, the values by the metric's example grain, and its own example.

    Args:
        metric: The metric.
        end_time: The last instant of the newest period; none for whatever is newest.
        requires_time: Whether it answers only by `metric_time`.
    """
    questions: list[dict[str, Any]] = []
    if not requires_time:
        questions.append({})
    plain = {key: value for key, value in metric.meta.items() if key != "example"}
    [time] = example_question(metric.name, plain).group_by
    by_time: dict[str, Any] = {"group_by": [time]}
    if time.rpartition("__")[2] not in _WHOLE:
        by_time |= {"order_by": [f"-{time}"], "limit": _NEWEST}
    if end_time is not None:
        by_time["end_time"] = end_time.date()
    questions.append(by_time)
    example = metric.meta.get("example")
    if example is not None:
        # Refuses what it cannot be.
        example_question(metric.name, dict(metric.meta))
        questions.append(dict(example))
    return [GoldenQuestion(metric.name, options) for options in questions]
