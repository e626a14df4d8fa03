"""Who must agree to a change of a metric: a file like CODEOWNERS, of metrics."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from metrics_store.errors import MetricsStoreError

OWNERS_FILE = "METRIC_OWNERS"


@dataclass(frozen=True)
class Owners:
    """The owners of metrics.

    Attributes:
        lines: Each line's pattern of names and the owners, in order; the last that fits counts.
    """

    lines: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def of(self, metric: str) -> tuple[str, ...]:
        """Give the owners of a metric; any of them may agree to a change."""
        for pattern, owners in reversed(self.lines):
            if fnmatchcase(metric, pattern):
                return owners
        return ()


def read_owners(text: str) -> Owners:
    """Understand a `METRIC_OWNERS` file.

    A line is a pattern of metrics, in which `*` is any text, and those who own them:

        *            @revenue-operations
        forecast_*   @ana @bo

    Raises:
        MetricsStoreError: A line names nobody.
    """
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        pattern, *owners = line.split("#", 1)[0].split() or [""]
        if pattern and not owners:
            raise MetricsStoreError(
                f"{OWNERS_FILE} names nobody for {pattern}",
                where=f"{OWNERS_FILE}, line {number}",
                expected="a pattern of metrics and at least one owner, as in `win_* @ana`",
            )
        if pattern:
            lines.append((pattern, tuple(owner.lower() for owner in owners)))
    return Owners(tuple(lines))


def same_person(owner: str, approver: str) -> bool:
    """Whether somebody who agreed is an owner; `@` in front and case do not count."""
    return owner.lstrip("@").lower() == approver.strip().lstrip("@").lower()
