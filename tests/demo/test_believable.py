"""The demo data looks like a sales team's three years."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from oracle.metrics import METRICS
from oracle.oracle import Oracle
from oracle.steps import STAGE_PAIRS, WORDS

if TYPE_CHECKING:
    from oracle.reading import Raw


@pytest.fixture(scope="module")
def oracle(raw: Raw) -> Oracle:
    return Oracle(raw, date(2024, 12, 31))


def test_sizes_at_scale_1(raw: Raw) -> None:
    assert len({row["deal_id"] for row in raw["deal_changes"]}) == 2000
    assert len(raw["users"]) == 60
    assert 5500 <= len(raw["activity"]) <= 7000


def test_the_funnel_narrows_from_stage_to_stage(oracle: Oracle) -> None:
    steps = [f"{WORDS[step]}_deals" for step, _ in STAGE_PAIRS]
    counts = [oracle.value(name)[()] or 0 for name in steps]
    assert counts == sorted(counts, reverse=True)
    for step, following in STAGE_PAIRS:
        name = f"{WORDS[step]}_to_{WORDS[following]}_conversion"
        month, quarter, ever = (oracle.value(name + end)[()] for end in ("_30d", "_90d", ""))
        assert month is not None
        assert quarter is not None
        assert ever is not None
        assert 0 < month <= quarter <= ever < 1


def test_business_grows_and_has_seasons(oracle: Oracle) -> None:
    years = [
        value or 0 for _, value in sorted(oracle.value("lead_generation_deals", ["year"]).items())
    ]
    assert years == sorted(years)
    assert years[-1] > 1.3 * years[0]
    months = oracle.value("lead_generation_deals", ["month"])
    by_month: Counter[int] = Counter()
    for (month,), count in months.items():
        assert isinstance(month, date)
        by_month[month.month] += int(count or 0)
    assert by_month[8] < by_month[3]
    assert by_month[12] < by_month[11]


def test_many_deals_are_open_at_the_end_and_the_lost_have_all_reasons(
    oracle: Oracle, truth: dict[str, dict[str, dict[str, int]]]
) -> None:
    planted = truth["pipedrive"]["planted"]
    assert planted["open_at_the_end"] > 0.2 * planted["deal_ids"]
    reasons = {key[0] for key in oracle.value("lost_deals", ["lost_reason"])}
    assert len(reasons) == 5
    assert None not in reasons


def test_every_metric_has_a_value(oracle: Oracle) -> None:
    for metric in METRICS:
        values = oracle.value(metric, ["month", "owner"])
        assert any(value is not None for value in values.values()), metric


def test_people_who_share_a_name_both_have_deals(oracle: Oracle) -> None:
    owners = oracle.value("stage_entries", ["owner", "owner_name"])
    names = Counter(name for _, name in owners)
    assert names["Elin Eastmere"] == 2
