"""What the Pulse is about: the metrics, and the newest day that they know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.app.questions.question import Question
from metrics_store.errors import UnavailableError

if TYPE_CHECKING:
    import datetime as dt

    from metrics_store.client import Connection, ListedMetric

_DAY = "metric_time__day"


@dataclass(frozen=True)
class Subject:
    """What is asked, and what is known of it.

    Attributes:
        connection: Answers with what the viewer may see.
        metrics: Name -> metric, those that the viewer may see.
        newest: The newest day that the history tells of: the reference date.
    """

    connection: Connection
    metrics: dict[str, ListedMetric]
    newest: dt.date

    def label(self, metric: str) -> str:
        """Give what people call a metric."""
        return self.metrics[metric].label if metric in self.metrics else metric

    def unit(self, metric: str) -> str | None:
        """Give the unit of a metric."""
        return self.metrics[metric].unit if metric in self.metrics else None


def read_subject(connection: Connection) -> Subject:
    """Read the metrics and the newest day.

    Raises:
        MetricsStoreError: There are none.
    """
    question = Question(("pipeline_snapshot",), (_DAY,), order_by=(f"-{_DAY}",), limit=1)
    rows = question.ask(connection).rows()
    if not rows:
        raise UnavailableError(
            "there is no day of the pipeline to show",
            expected="opportunities with a history, of those that you may see",
            remedy="load data with `metrics load`, or try the demo: `metrics demo run`",
        )
    metrics = {one.name: one for one in connection.metrics()}
    return Subject(connection, metrics, rows[0][_DAY].date())
