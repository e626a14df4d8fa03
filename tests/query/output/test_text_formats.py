"""Answers as text."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pyarrow as pa

from metrics_store.query.output.text_formats import as_csv, as_json, as_table

ANSWER = pa.table(
    {
        "metric_time__month": [dt.datetime(2024, 1, 1), dt.datetime(2024, 2, 1, 12)],
        "owner": ["Ana [d'Été]", None],
        "deals": [12, 3],
        "rate": [1 / 3, None],
        "amount": [Decimal("10.50"), Decimal(1)],
    }
)


def test_a_table_is_aligned() -> None:
    assert as_table(ANSWER).splitlines() == [
        "metric_time__month   owner        deals      rate  amount",
        "2024-01-01           Ana [d'Été]     12  0.333333   10.50",
        "2024-02-01 12:00:00                   3              1.00",
    ]


def test_numbers_are_readable() -> None:
    amounts = pa.table(
        {
            "amount": [Decimal("2115000.000000"), Decimal("0.5")],
            "count": [Decimal(12), Decimal(3)],
            "average": [28785712.123, 0.25601234],
        }
    )
    assert [line.split() for line in as_table(amounts).splitlines()[1:]] == [
        ["2115000.00", "12", "28785712.12"],
        ["0.50", "3", "0.256012"],
    ]


def test_csv_has_a_header_and_empty_for_nothing() -> None:
    lines = as_csv(ANSWER).splitlines()
    assert lines[0].replace('"', "") == "metric_time__month,owner,deals,rate,amount"
    assert len(lines) == 3
    assert ",," in lines[2]


def test_json_keeps_types() -> None:
    first, second = json.loads(as_json(ANSWER))
    assert first["deals"] == 12
    assert first["amount"] == 10.5
    assert first["metric_time__month"] == "2024-01-01T00:00:00"
    assert second["rate"] is None
    assert second["owner"] is None


def test_csv_writes_periods_without_fractions_and_keeps_fractions_that_are_there() -> None:
    whole = pa.table({"month": pa.array([dt.datetime(2024, 1, 1)], pa.timestamp("us"))})
    assert as_csv(whole).splitlines()[1] == "2024-01-01 00:00:00"
    part = pa.table({"at": pa.array([dt.datetime(2024, 1, 1, 0, 0, 0, 5)], pa.timestamp("us"))})
    assert as_csv(part).splitlines()[1] == "2024-01-01 00:00:00.000005"
