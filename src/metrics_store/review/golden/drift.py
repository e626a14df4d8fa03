"""What is wrong with golden values, or with the metrics that they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.review.golden.golden_rows import RowDrift

CHANGED, REFUSED, UNANSWERED = "changed", "refused", "unanswered"
MISSING, STALE, MISPLACED, UNREADABLE = "missing", "stale", "misplaced", "unreadable"
_MOST_ROWS = 5


@dataclass(frozen=True)
class Drift:
    """One question whose answer is not the known one, or one thing that is wrong with a file.

    Attributes:
        kind: `changed`; `refused`, a question that cannot be asked any more; `unanswered`, one
            whose answer is not known; `missing`, a metric without golden values; `stale`, a metric
            that is gone or no longer certified; `misplaced`, one in another file than it belongs
            to, or in two; `unreadable`, a file.
        file: The file, below the project, with the line where one is known.
        metric: The metric; empty where it is about a file.
        question: What is asked, in words; empty where it is about no question.
        detail: What is wrong, in words; empty where the rows say it.
        rows: The rows that differ.
        row_count: How many rows the answer has now.
    """

    kind: str
    file: str
    metric: str = ""
    question: str = ""
    detail: str = ""
    rows: tuple[RowDrift, ...] = ()
    row_count: int = 0

    def sentence(self) -> str:
        """Say it, with a few of the rows, a line each."""
        about = ", ".join(filter(None, (self.metric, self.question)))
        head = f"{self.file}: {about}: " if about else f"{self.file}: "
        if not self.rows:
            return head + (self.detail or self.kind)
        kinds = [one.kind for one in self.rows]
        counts = ", ".join(
            f"{kinds.count(kind)} {kind}" for kind in ("changed", "missing", "new") if kind in kinds
        )
        lines = [f"{head}{counts} of {self.row_count} rows"]
        lines += [f"  {one.sentence()}" for one in self.rows[:_MOST_ROWS]]
        if len(self.rows) > _MOST_ROWS:
            lines.append(f"  and {len(self.rows) - _MOST_ROWS} more")
        return "\n".join(lines)
