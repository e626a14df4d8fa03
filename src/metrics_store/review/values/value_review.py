"""The value diff of all metrics that both revisions define."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.query.metric_store import open_store
from metrics_store.review.values.side_answer import SideAnswer, query_side
from metrics_store.review.values.value_comparison import Comparison, compare
from metrics_store.review.values.value_questions import find_questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.project.profile import Target
    from metrics_store.query.metric_store import MetricStore
    from metrics_store.review.changes.project_review import Review
    from metrics_store.review.values.value_questions import Question


@dataclass(frozen=True)
class MetricValues:
    """What a metric answers on both sides.

    Attributes:
        metric: Its name.
        is_changed: Whether its definition, or what it is made of, changed.
        comparisons: What it answers to each question.
    """

    metric: str
    is_changed: bool
    comparisons: tuple[Comparison, ...] = field(default=())

    @property
    def rows(self) -> int:
        """How many rows were compared."""
        return sum(one.rows for one in self.comparisons)

    @property
    def is_equal(self) -> bool:
        """Whether every row is as it was."""
        return all(one.is_equal for one in self.comparisons)


@dataclass(frozen=True)
class ValueReview:
    """What both sides of a review answer.

    Attributes:
        data: What both are built on, for people.
        metrics: What each metric answers.
    """

    data: str
    metrics: list[MetricValues]


def value_review(review: Review, base: Target, head: Target) -> list[MetricValues]:
    """Query every metric that both revisions define, and compare.

    Cost: two answers for each saved query and each metric.

    Args:
        review: What changed.
        base: The base, built.
        head: The head, built on the same data.
    """
    common = sorted(set(review.base.metrics) & set(review.head.metrics))
    unchanged = set(review.unchanged_metrics)
    stores = (open_store(base), open_store(head))
    found: dict[str, list[Comparison]] = {name: [] for name in common}
    all_questions = [*find_questions(stores[1].planner, common)]
    for question in all_questions:
        for metric, comparison in _compared(question, stores):
            found[metric].append(comparison)
    return [
        MetricValues(name, name not in unchanged, tuple(comparisons))
        for name, comparisons in found.items()
    ]


def _compared(
    question: Question, stores: tuple[MetricStore, MetricStore]
) -> Iterator[tuple[str, Comparison]]:
    """Ask all metrics of a question at once, and one by one only where that is refused."""
    answers = _answers(question, question.metrics, stores)
    if len(question.metrics) > 1 and any(one.table is None for one in answers):
        for metric in question.metrics:
            yield metric, _comparison(question, metric, _answers(question, [metric], stores))
        return
    for metric in question.metrics:
        yield metric, _comparison(question, metric, answers)


def _answers(
    question: Question, metrics: Sequence[str], stores: tuple[MetricStore, MetricStore]
) -> tuple[SideAnswer, SideAnswer]:
    request = question.request(metrics)
    with ThreadPoolExecutor(2) as pool:
        old, new = pool.map(lambda store: query_side(store, request), stores)
    return old, new


def _comparison(
    question: Question, metric: str, answers: tuple[SideAnswer, SideAnswer]
) -> Comparison:
    old, new = answers
    sql = (old.sql, new.sql)
    if old.table is None or new.table is None:
        errors = (old.error, new.error)
        if old.error == new.error:
            # Neither side answers, and both for one reason: nothing moved.
            errors = ("", "")
        return Comparison(question.name, question.group_by, errors=errors, sql=sql)
    return compare(question, metric, old.table, new.table, sql)
