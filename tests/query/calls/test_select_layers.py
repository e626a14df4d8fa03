"""What stands around a call selects of its rows, and nothing else."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.calls.select_layers import is_ping
from metrics_store.query.calls.semantic_calls import ListCall, Listing
from metrics_store.query.calls.statement_parser import parse_selection, parse_statement
from metrics_store.query.output.row_selection import select_rows

CALL = "{{ semantic_layer.metrics() }}"
TABLE = pa.table(
    {
        "metric_time__month": [dt.datetime(2024, month, 1) for month in (1, 2, 3, 4)],
        "team": ["EMEA", None, "apac", "EMEA"],
        "Revenue": pa.array([3, 1, None, 2], pa.int32()),
    },
    schema=pa.schema(
        [
            pa.field("metric_time__month", pa.timestamp("us")),
            pa.field("team", pa.utf8()),
            pa.field("Revenue", pa.int32(), metadata={b"unit": b"euro"}),
        ]
    ),
)


def _left(statement: str) -> pa.Table:
    call, layers = parse_selection(statement.replace("CALL", CALL))
    assert call == ListCall(Listing.METRICS)
    return select_rows(TABLE, layers)


@pytest.mark.parametrize(
    ("statement", "revenue"),
    [
        ("select * from CALL", [3, 1, None, 2]),
        ("-- made by a tool\n/* and\nanother */ select * from CALL", [3, 1, None, 2]),
        ("select revenue from CALL", [3, 1, None, 2]),
        ("select t.revenue from CALL as t where t.team = 'EMEA'", [3, 2]),
        ("select revenue from CALL where lower(team) in ('apac') or team is null", [1, None]),
        ("select revenue from CALL where metric_time__month >= '2024-02-01' limit 2", [1, None]),
        ("select revenue from CALL where revenue > 1 and not team = 'x' order by revenue", [2, 3]),
        ("select revenue from CALL order by team, Revenue desc", [3, 2, None, 1]),
        ("select revenue from CALL order by revenue desc limit 2", [3, 2]),
        ("select revenue from CALL order by 'x' limit 0".replace("'x'", "team"), []),
        ("select revenue from (select * from CALL limit 3) as q where revenue < 3;", [1]),
        ("select revenue from (select * from CALL where team = 'EMEA') limit 1", [3]),
        ("select * from CALL where 1 = 1 limit 1", [3]),
        ("select * from CALL where 1 = 0", []),
    ],
)
def test_rows_and_order(statement: str, revenue: list[int | None]) -> None:
    found = _left(statement)
    assert found.column(found.num_columns - 1).to_pylist() == revenue


def test_columns_keep_their_types_and_units() -> None:
    found = _left("select revenue as total, TEAM from CALL where team = 'EMEA' order by revenue")
    assert found.schema.names == ["total", "TEAM"]
    assert found.schema.field("total").type == pa.int32()
    assert found.schema.field("total").metadata == {b"unit": b"euro"}
    assert found.to_pydict() == {"total": [2, 3], "TEAM": ["EMEA", "EMEA"]}


@pytest.mark.parametrize(
    "statement",
    [
        "select revenue + 1 from CALL",
        "select sum(revenue) from CALL",
        "select distinct team from CALL",
        "select team from CALL group by team",
        "select team from CALL having true",
        "select * from CALL join other on true",
        "select * from CALL, other",
        "select * from other where x in (select * from CALL)",
        "select * from CALL union select * from CALL",
        "with a as (select 1) select * from CALL",
        "select * from CALL where team = (select 1)",
        "select * from CALL where read_text('/etc/hostname') = 'x'",
        "select * from CALL limit 1 + 1",
        "select * from CALL limit 1 offset 1",
        "select * from CALL order by revenue + 1",
        "select *, team from CALL",
        "select * from CALL limit 1; select 1",
        "insert into other select * from CALL limit 1",
        "select * from read_text('x') where CALL",
        "select * from CALL where nothing = 1",
        "select nothing from CALL",
        "select * from CALL order by nothing",
        "select * from CALL where metric_time__month = 'someday'",
        "select * from CALL where team > 1 and revenue = 'many'",
        "select * from CALL where {{ Dimension('team') }} = 'EMEA'",
    ],
)
def test_anything_more_is_refused(statement: str) -> None:
    with pytest.raises(MetricsStoreError):
        _left(statement)


@pytest.mark.parametrize(
    "text", ["select 1", " SELECT 1 ;", "/* ping */ select 1", "select 1 as one"]
)
def test_a_sign_of_life(text: str) -> None:
    assert is_ping(text)
    assert not is_ping(text.replace("1", "2"))


def test_a_plain_statement_has_no_layers() -> None:
    assert parse_selection(f"select * from ({CALL}) as t;") == (parse_statement(CALL), ())
