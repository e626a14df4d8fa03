"""Parts of times, such as the month of the year: `metric_time__extract_month`."""

from __future__ import annotations

from metrics_store.errors import MetricsStoreError

DATE_PARTS = ("year", "quarter", "month", "day", "dow", "doy")
_MARK = "__extract_"


def split_date_part(name: str) -> tuple[str, str | None]:
    """Split a name into the time and its part; none where it names no part.

    Raises:
        MetricsStoreError: There is no such part.
    """
    path, mark, date_part = name.rpartition(_MARK)
    if not mark:
        return name, None
    if date_part not in DATE_PARTS:
        raise MetricsStoreError(
            "times have no such part", where=name, expected="one of " + ", ".join(DATE_PARTS)
        )
    return path, date_part


def with_date_part(path: str, date_part: str) -> str:
    """Give the name of a part of a time, such as `metric_time__extract_month`."""
    return f"{path}{_MARK}{date_part.lower()}"
