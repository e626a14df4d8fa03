"""Of how many rows values are made, of the time that they compare with too."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from metrics_store.catalogue.site.charts.readable_answer import ReadableAnswer
from metrics_store.catalogue.site.content.chart_declaration import ChartDeclaration
from metrics_store.catalogue.site.pages.value_counts import value_counts
from metrics_store.query.output.column_units import with_units

QUARTERS = [dt.datetime(year, month, 1) for year in (2023, 2024) for month in (1, 4, 7, 10)]


def _few(grain: str, compares: tuple[int, str] | None, counts: list[int | None]) -> list[str]:
    time = f"metric_time__{grain}"
    table = with_units(pa.table({time: QUARTERS, "deals": counts}), {"deals": "deals"})
    declared = ChartDeclaration(counted_by="deals", compares=compares)
    found = value_counts(ReadableAnswer(table), declared)
    return [found.few((quarter,)) for quarter in QUARTERS]


@pytest.mark.parametrize(
    ("grain", "compares", "expected"),
    [
        ("quarter", None, {}),
        ("quarter", (1, "quarter"), {2: 9, 4: 0}),
        ("quarter", (1, "year"), {4: 3, 5: 9, 7: 0}),
        ("quarter", (2, "month"), {}),
        ("fiscal_quarter", (4, "fiscal_quarter"), {4: 3, 5: 9, 7: 0}),
        ("fiscal_quarter", (1, "fiscal_year"), {}),
    ],
)
def test_few_rows(grain: str, compares: tuple[int, str] | None, expected: dict[int, int]) -> None:
    # Nothing is known of before the first quarter, and of one that has no count.
    found = _few(grain, compares, [3, 9, 40, None, 50, 60, 70, 80])
    own = {0: "only 3 deals", 1: "only 9 deals"}
    earlier = {at: f"compares with only {count} deals" for at, count in expected.items()}
    assert dict(enumerate(found)) == {**dict.fromkeys(range(8), ""), **earlier, **own}
