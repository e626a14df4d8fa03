"""A question to the metrics, and the answers to several at once."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from metrics_store.client import AnswerWarning, Result
from metrics_store.errors import MetricsStoreError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from metrics_store.app.questions.date_ranges import DateRange
    from metrics_store.client import Connection

Key = TypeVar("Key")
Answer = Result | MetricsStoreError
_AT_ONCE = 4


@dataclass(frozen=True)
class Question:
    """A question, as every interface takes it.

    Attributes:
        metrics: Names of metrics.
        group_by: What they are grouped by, such as `metric_time__month`.
        where: Filters as text; all of them hold.
        order_by: Names, `-` in front for descending.
        limit: Greatest number of rows.
        days: The days that count; none for all.
    """

    metrics: tuple[str, ...]
    group_by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    days: DateRange | None = None

    def fields(self) -> dict[str, Any]:
        """Give what is set, by the names of the arguments of `Connection.query`."""
        fields: dict[str, Any] = {
            "metrics": list(self.metrics),
            "group_by": list(self.group_by),
            "where": list(self.where),
            "order_by": list(self.order_by),
            "limit": self.limit,
            "start_time": f"{self.days.first:%Y-%m-%d}" if self.days else None,
            "end_time": f"{self.days.last:%Y-%m-%d}" if self.days else None,
        }
        return {name: value for name, value in fields.items() if value not in (None, [])}

    def over(self, days: DateRange) -> Question:
        """Give the same question over other days."""
        return replace(self, days=days)

    def without_group_by(self) -> Question:
        """Give the same question over everything at once: the metrics' own totals."""
        return replace(self, group_by=(), order_by=(), limit=None)

    def ask(self, connection: Connection) -> Result:
        """Ask it.

        Raises:
            MetricsStoreError: It cannot be answered.
        """
        with warnings.catch_warnings():
            # The answer itself tells so, to whoever looks.
            warnings.simplefilter("ignore", AnswerWarning)
            return connection.query(**self.fields())


def ask_all(connection: Connection, questions: Mapping[Key, Question]) -> dict[Key, Answer]:
    """Ask several questions at once; what cannot be answered has its error in the answer's place.

    All answers are of one state of the data: where it changed meanwhile they are asked once more.
    """
    return _of_one_state(lambda: _ask_once(connection, questions))


def ask_metrics(
    connection: Connection, questions: Mapping[Key, Question]
) -> dict[tuple[Key, str], Answer]:
    """Ask several questions at once, and give an answer for each metric of each.

    Metrics that are asked together are read together, which is faster. Where one of them cannot be
    answered, each is asked by itself, so that the others still are.
    """
    return _of_one_state(lambda: _ask_metrics_once(connection, questions))


def _of_one_state(ask: Callable[[], dict[Key, Answer]]) -> dict[Key, Answer]:
    answers = ask()
    versions = {one.data_version for one in answers.values() if isinstance(one, Result)}
    return answers if len(versions) <= 1 else ask()


def _ask_metrics_once(
    connection: Connection, questions: Mapping[Key, Question]
) -> dict[tuple[Key, str], Answer]:
    together = _ask_once(connection, questions)
    alone = {
        (key, metric): replace(question, metrics=(metric,))
        for key, question in questions.items()
        if len(question.metrics) > 1 and _is_of_the_question(together[key])
        for metric in question.metrics
    }
    found = _ask_once(connection, alone)
    return {
        (key, metric): found.get((key, metric), together[key])
        for key, question in questions.items()
        for metric in question.metrics
    }


def _is_of_the_question(answer: Answer) -> bool:
    """Whether it is an error of what was asked, and not of whoever was to answer."""
    return isinstance(answer, MetricsStoreError) and not isinstance(answer, UnavailableError)


def _ask_once(connection: Connection, questions: Mapping[Key, Question]) -> dict[Key, Answer]:
    if not questions:
        return {}

    def answer(question: Question) -> Answer:
        try:
            return question.ask(connection)
        except MetricsStoreError as error:
            return error

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return dict(zip(questions, pool.map(answer, questions.values()), strict=True))
