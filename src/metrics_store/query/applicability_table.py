"""A table of which metrics can be grouped by what, and why others cannot, for the documentation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.query.resolution.exclusions import KEY

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.query.planner import Planner
    from metrics_store.query.resolution.exclusions import Exclusions

METRIC_TIME = "metric_time__"


@dataclass(frozen=True)
class Cell:
    """Whether a metric answers by one topic.

    Attributes:
        group_by: The name to group by; none where the metric does not answer.
        reason: Why it does not.
    """

    group_by: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class ApplicabilityTable:
    """Every metric by every topic that people ask by.

    Attributes:
        topics: What people ask by, such as `industry` or `month`, in order.
        rows: Metric -> one cell a topic.
    """

    topics: list[str]
    rows: dict[str, list[Cell]] = field(default_factory=dict)

    def markdown(self, heading: str) -> str:
        """The table as Markdown, with numbered reasons below."""
        reasons: list[str] = []
        lines = [
            "| metric | " + " | ".join(self.topics) + " |",
            "|---" * (len(self.topics) + 1) + "|",
        ]
        for metric, cells in self.rows.items():
            shown = []
            for cell in cells:
                if cell.group_by:
                    shown.append(f"`{cell.group_by}`")
                    continue
                if cell.reason not in reasons:
                    reasons.append(cell.reason)
                shown.append(f"no ({reasons.index(cell.reason) + 1})")
            lines.append(f"| `{metric}` | " + " | ".join(shown) + " |")
        footnotes = [f"{number}. {reason}" for number, reason in enumerate(reasons, start=1)]
        return "\n".join([heading, "", *lines, "", *footnotes]) + "\n"


def read_topics(path: Path) -> dict[str, list[str]]:
    """Read what people ask by: each topic with the names that answer it, the best first.

    Raises:
        MetricsStoreError: The file is missing or of another form.
    """
    try:
        read: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        read = None
    except yaml.YAMLError as error:
        raise MetricsStoreError(f"{path.name} is not YAML", where=str(error)) from None
    if not isinstance(read, dict) or not all(
        isinstance(names, list) and all(isinstance(name, str) for name in names)
        for names in read.values()
    ):
        raise MetricsStoreError(
            "there is nothing to ask by",
            where=str(path),
            expected="a line for each thing to ask by, as in `month: [metric_time__month]`",
        )
    return read


def build_applicability_table(planner: Planner, topics: dict[str, list[str]]) -> ApplicabilityTable:
    """Find for every metric but building blocks what it answers by.

    A topic's names that are left are tried in order; where none is, the reasons in
    `config.meta.not_by` of the metric, or of what it is made of, say why.

    Raises:
        MetricsStoreError: A metric does not answer by a topic and does not say why.
    """
    table = ApplicabilityTable(list(topics))
    unexplained = []
    for metric in sorted(planner.public_metrics, key=lambda metric: metric.name):
        meta = metric.config.meta if metric.config else {}
        if meta.get("building_block"):
            continue
        group_bys = planner.group_bys(metric.name)
        cells = []
        for topic, names in topics.items():
            reasons = [_reason(planner.exclusions, metric.name, name) for name in names]
            fitting = [
                name
                for name, reason in zip(names, reasons, strict=True)
                if reason is None and _answers(name, group_bys, meta.get("grains", []))
            ]
            if fitting:
                cells.append(Cell(group_by=fitting[0]))
            elif any(reasons):
                cells.append(Cell(reason=next(filter(None, reasons))))
            else:
                unexplained.append(f"{metric.name} by {topic}")
        table.rows[metric.name] = cells
    if unexplained:
        raise MetricsStoreError(
            "some metrics do not answer and do not say why",
            where=", ".join(unexplained),
            remedy=f"give the reason in the metric's config.meta.{KEY}, by a name that answers "
            "the thing or its last part",
        )
    return table


def _reason(exclusions: Exclusions, metric: str, name: str) -> str | None:
    if name.startswith(METRIC_TIME):
        return exclusions.reason_of_grain(metric, name.removeprefix(METRIC_TIME))
    return exclusions.reason(metric, name)


def _answers(name: str, group_bys: dict[str, str], grains: list[str]) -> bool:
    if name.startswith(METRIC_TIME):
        return name.removeprefix(METRIC_TIME) in grains
    return name in group_bys
