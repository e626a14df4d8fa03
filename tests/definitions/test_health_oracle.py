"""The health score and its parts equal the oracle, by period and slice, on both engines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from definitions.comparing import answer_of_salesforce, differences, has_meaning, name_of
from metrics_store.demo.demo_calendar import LAST_DAY

if TYPE_CHECKING:
    from definitions.warehouses import Answer, BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

COMPONENTS = ("win_rate_score", "overdue_score", "deal_size_score", "pipeline_volume_score")
HEALTH_METRICS = (*COMPONENTS, "pipeline_health_score")
PERIODS = ((), ("month",), ("quarter",), ("year",), ("fiscal_quarter",), ("fiscal_year",))
SLICES = (
    (),
    ("account__industry",),
    ("owner",),
    ("owner__team",),
    ("opportunity__lead_source",),
    ("opportunity__stage_name",),
)
# The parts by some, their sum by all.
QUESTIONS = [
    *(
        (metric, (*period, *names))
        for metric in COMPONENTS
        for period in ((), ("quarter",), ("fiscal_quarter",))
        for names in ((), ("account__industry",), ("opportunity__stage_name",))
    ),
    # Owners come and go: with nothing open at the end and nothing created there is no volume.
    ("pipeline_volume_score", ("quarter", "owner")),
    *(("pipeline_health_score", (*period, *names)) for period in PERIODS for names in SLICES),
]
QUESTIONS = [asked for asked in QUESTIONS if has_meaning(*asked)]


def _later(answer: Answer) -> Answer:
    """Give the rows of periods that have not begun: open opportunities are due in them."""
    return {
        key: value
        for key, value in answer.items()
        if any(isinstance(part, date) and part > LAST_DAY for part in key)
    }


@pytest.mark.slices
@BOTH
@pytest.mark.parametrize(("metric", "group"), QUESTIONS, ids=name_of)
def test_equals_the_oracle(
    engine: str,
    metric: str,
    group: tuple[str, ...],
    demo_project: BuiltProject,
    pipeline_oracle: PipelineOracle,
) -> None:
    expected = pipeline_oracle.value(metric, group)
    answer = answer_of_salesforce(demo_project, engine, metric, group)
    later = _later(answer)
    found = {key: value for key, value in answer.items() if key not in later}
    assert any(expected.values()), "the oracle has nothing to compare with"
    assert not differences(expected, found, is_ratio=True)
    if metric == "pipeline_health_score":
        assert not any(later.values())
        assert all(value is None or 40 <= value <= 100 for value in found.values())


@BOTH
def test_without_a_period_the_overdue_score_is_that_of_the_reference_date(
    engine: str, demo_project: BuiltProject
) -> None:
    slices = ("account__industry", "opportunity__crm_source")
    scores = demo_project.answer(engine, "overdue_score", *slices)
    rates = demo_project.answer(engine, "overdue_rate", *slices)
    known = {key: float(rate) for key, rate in rates.items() if rate is not None}
    assert known
    for key, rate in known.items():
        banded = 25 if rate < 0.1 else 20 if rate < 0.2 else 15 if rate <= 0.3 else 10
        assert scores[key] == banded
