"""The health score's bands and its components by period, worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from oracle.pipeline.health import banded, health_status, risk_level
from oracle.pipeline.mini import oracle_of, with_history

FIRST, SECOND, THIRD = date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1)


@pytest.mark.parametrize(
    ("component", "values"),
    [
        ("win_rate_score", (0.3, 0.2, 0.1, 0.0999)),
        ("overdue_score", (0.0999, 0.1999, 0.3, 0.3001)),
        ("overdue_score", (0.0, 0.1, 0.2, 1)),
        ("deal_size_score", (100_000, 99_999.99, 49_999.99, 24_999.99)),
        ("pipeline_volume_score", (100, 50, 25, 24)),
    ],
)
def test_band_edges(component: str, values: tuple[float, ...]) -> None:
    assert [banded(component, value) for value in values] == [25, 20, 15, 10]


def test_undefined_stays_so_and_statuses_have_edges() -> None:
    assert banded("win_rate_score", None) is None
    assert [health_status(score) for score in (80, 79, 60, 59, 40, None)] == [
        "Excellent",
        "Good",
        "Good",
        "Fair",
        "Fair",
        "Unknown",
    ]
    assert [risk_level(rate) for rate in (0.301, 0.3, 0.201, 0.2, None)] == [
        "High",
        "Medium",
        "Medium",
        "Low",
        "Unknown",
    ]


def test_score_by_quarter_takes_overdue_from_history_and_now_without_a_period() -> None:
    won = {"stage_name": "Closed Won", "close_date": "2024-02-01", "amount": "100000"}
    lost = {"stage_name": "Closed Lost", "close_date": "2024-05-01", "amount": "20000"}
    deals = [
        with_history("A", ("2024-01-05", {"close_date": "2024-02-01"}), ("2024-02-01", won)),
        with_history("B", ("2024-01-05", {"close_date": "2024-05-01"}), ("2024-05-01", lost)),
        # Due on the first quarter's last day: not overdue that day; later it is.
        with_history("C", ("2024-01-05", {"close_date": "2024-03-31", "amount": "300"})),
        with_history("D", ("2024-01-05", {"close_date": "2024-09-01", "amount": "900"})),
    ]
    oracle = oracle_of(*deals, source_dt=date(2024, 8, 1))
    by = ["quarter"]
    rates = oracle.value("overdue_rate_snapshot", by)
    assert rates == {(FIRST,): 0, (SECOND,): 0.25, (THIRD,): 0.25}
    assert oracle.value("overdue_rate_snapshot") == oracle.value("overdue_rate") == {(): 0.25}
    assert oracle.value("win_rate_score", by) == {(FIRST,): 25, (SECOND,): 10}
    # First quarter: (100000 + 300) / 2 = 50150; second: 20000; third: 900.
    assert oracle.value("deal_size_score", by) == {(FIRST,): 20, (SECOND,): 10, (THIRD,): 10}
    # Nothing was created in the second and the third, where something was open: 0 of them.
    assert oracle.value("pipeline_volume_score", by) == dict.fromkeys(
        [(FIRST,), (SECOND,), (THIRD,)], 10
    )
    # A and B were closed by then: a deal that is closed is no volume of a later quarter.
    volumes = oracle.value("pipeline_volume_score", ["quarter", "opportunity"])
    assert set(volumes.values()) == {10}
    assert sorted(first for first, name in volumes if name == "salesforce:B") == [FIRST]
    # No creations in the second quarter count 0; nothing closed in the third: undefined.
    assert oracle.value("pipeline_health_score", by) == {
        (FIRST,): 25 + 25 + 20 + 10,
        (SECOND,): 10 + 15 + 10 + 10,
        (THIRD,): None,
    }
    # Now: half won, 0.25 overdue, (100000 + 20000 + 300 + 900) / 4 = 30300, 4 opportunities.
    assert oracle.value("pipeline_health_score") == {(): 25 + 15 + 15 + 10}
