"""What PostgreSQL makes of sums of sums is told from the types of columns, or not said."""

from __future__ import annotations

from metrics_store.exports.hashed_rows import hashed_rows
from metrics_store.exports.summed_types import SummedType, summed_types
from metrics_store.query.rollups.rollup_table import StoredAggregate

TYPES = {
    "amount": "numeric(24, 6)",
    "pieces": "integer",
    "visits": "bigint",
    "weight": "real",
    "is_paid": "boolean",
    "due": "",
}
SUMMED = {
    "amount": SummedType.SAME,
    "visits": SummedType.SAME,
    "amount - pieces": SummedType.SAME,
    "pieces": SummedType.WHOLE,
    "CASE WHEN is_paid THEN 1 ELSE 0 END": SummedType.WHOLE,
    "CASE WHEN (due) IS NOT NULL THEN 1 ELSE 0 END": SummedType.WHOLE,
    "case when due < amount then amount else 0 end": SummedType.SAME,
    # Its sums depend on how many are added up at once.
    "weight": SummedType.UNKNOWN,
    "due": SummedType.UNKNOWN,
    "case when is_paid then due else 0 end": SummedType.UNKNOWN,
    "nobody_knows": SummedType.UNKNOWN,
    "not sql (": SummedType.UNKNOWN,
}


def test_sums_of_sums() -> None:
    for expression, summed in SUMMED.items():
        found = summed_types([StoredAggregate("one", "sum", expression)], TYPES)
        assert found == {"one": summed}, expression
    assert summed_types([StoredAggregate("one", "max", "pieces")], TYPES) == {}


def test_only_a_plain_grouping_has_hashes() -> None:
    columns = "  DATE_TRUNC('day', ordered_at) AS day\n  , SUM(a + b) AS total"
    grouping = f"SELECT\n{columns}\nFROM t\nGROUP BY\n  1"
    found = hashed_rows(grouping, "duckdb", "day")
    assert found is not None
    assert "SUM(hash(DATE_TRUNC('DAY', ordered_at), a + b)) AS rollup_hash" in found.periods
    for other in (
        "WITH c AS (SELECT 1)\n" + grouping,
        grouping.replace("SUM(a + b)", "SUM(a) / SUM(b)"),
        grouping.replace("SUM(a + b)", "MEDIAN(a)"),
        grouping.partition("\nGROUP")[0],
    ):
        assert hashed_rows(other, "duckdb", "day") is None, other
    assert hashed_rows(grouping, "duckdb", "") is None
