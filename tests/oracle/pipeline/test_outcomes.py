"""Pipeline now and outcomes, of opportunities worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from oracle.pipeline import PipelineOracle, Quota
from oracle.pipeline.mini import ANA, BEN, opportunity, oracle_of, raw_of, with_history

if TYPE_CHECKING:
    from oracle.pipeline.asking import Key
    from oracle.reading import Row

SOURCE_DT = date(2024, 5, 15)
WON, LOST = "Closed Won", "Closed Lost"


def closed(name: str, stage: str, close_date: str, amount: object, **columns: object) -> Row:
    given = {"stage_name": stage, "close_date": close_date, "amount": amount, **columns}
    return opportunity(name, str(given.pop("created", "2024-01-01T18:00:00")), **given)


def oracle(rows: list[Row], **settings: object) -> PipelineOracle:
    return PipelineOracle(raw_of(rows), SOURCE_DT, **settings)  # type: ignore[arg-type]


def matched(keys: list[Key], values: tuple[object, ...]) -> dict[Key, object]:
    return dict(zip(keys, values, strict=True))


def months(*numbers: int) -> list[Key]:
    return [(date(2024, number, 1),) for number in numbers]


OUTCOMES = [
    closed("A", WON, "2024-01-31", 100),
    closed("B", WON, "2024-02-10", 300, created="2024-02-01T23:00:00"),
    closed("C", LOST, "2024-02-20", 100),
    closed("D", LOST, "2024-03-20", None),
    closed("E", WON, "2024-05-15", 50, created="2024-05-16"),  # not created yet
    closed("F", WON, "2024-05-10", 60, created="2024-05-12"),  # closed before its creation
    opportunity("G", "2024-05-01", close_date="2024-05-14", amount=1000, probability=90),  # overdue
    opportunity("H", "2024-05-01", close_date="2024-05-15", amount=3000, probability=70),
    opportunity("I", "2024-05-01", close_date="2024-06-14", amount=500, probability="69.9"),
    opportunity("J", "2024-05-01", close_date="2024-06-14", amount=200, probability=70),
    opportunity("K", "2024-05-01", close_date="2024-06-15", amount=100, probability=90),
]


def test_pipeline_now() -> None:
    asked = oracle(OUTCOMES)
    assert asked.value("open_pipeline") == {(): 4800}
    assert asked.value("open_pipeline", ["month"]) == matched(months(5, 6), (4000, 800))
    assert asked.value("weighted_pipeline") == {(): pytest.approx(900 + 2100 + 349.5 + 140 + 90)}
    assert asked.value("overdue_pipeline") == {(): 1000}
    assert asked.value("overdue_rate") == {(): 1000 / 4800}
    assert asked.value("likely_to_close") == {(): 3000 + 200}  # G is overdue, K 31 days ahead
    assert asked.value("average_won_deal_size") == {(): pytest.approx(460 / 3)}
    assert asked.value("average_deal_size", ["month"])[months(2)[0]] == 200
    assert asked.value("average_deal_size", ["month"])[months(3)[0]] is None
    assert asked.value("average_deal_age_days") == {(): 14}


def test_outcomes_by_close_date_and_cohorts_by_creation() -> None:
    asked = oracle(OUTCOMES)
    by = months(1, 2, 3, 5)
    assert asked.value("won_revenue", ["month"]) == matched(by, (100, 300, 0, 60))
    assert asked.value("won_count", ["month"]) == matched(by, (1, 1, 0, 1))
    assert asked.value("win_rate", ["month"]) == matched(by, (1, 0.5, 0, 1))
    assert asked.value("win_rate_amount", ["month"]) == matched(by, (1, 0.75, None, 1))
    assert asked.value("win_rate") == {(): 3 / 5}
    # Created in January: A, C, D; February: B; May: F won, G to K open.
    cohorts = matched(months(1, 2, 5), (1 / 3, 1, 1 / 6))
    assert asked.value("win_rate_cohort", ["month"]) == cohorts


def test_sales_cycle_is_in_whole_days_and_negative_ones_are_left_out() -> None:
    asked = oracle(OUTCOMES)  # A: 30 days, B: 9 days, F: -2
    assert asked.value("sales_cycle_days") == {(): 19.5}
    assert asked.value("median_sales_cycle_days") == {(): 19.5}
    # 5 open now, 3 of 5 won, 460 / 3 each, 19.5 days.
    assert asked.value("sales_velocity") == {(): pytest.approx(5 * 0.6 * (460 / 3) / 19.5)}


def test_no_velocity_without_a_cycle_of_a_day() -> None:
    rows = [closed("A", WON, "2024-01-01", 100), opportunity("B", "2024-01-01")]
    assert oracle(rows).value("sales_cycle_days") == {(): 0}
    assert oracle(rows).value("sales_velocity") == {(): None}


def test_to_date_is_the_value_at_the_periods_end() -> None:
    asked = oracle(OUTCOMES)
    assert asked.value("won_revenue_qtd", ["month"]) == matched(
        months(1, 2, 3, 5), (100, 400, 400, 60)
    )
    assert asked.value("won_revenue_ytd", ["quarter"]) == {
        (date(2024, 1, 1),): 400,
        (date(2024, 4, 1),): 460,
    }
    days = asked.value("won_revenue_mtd", ["day"])
    assert (date(2024, 2, 9),) not in days
    assert days[date(2024, 2, 10),] == days[date(2024, 2, 29),] == 300
    assert days[date(2024, 5, 10),] == 60
    assert max(days) == (SOURCE_DT,)
    assert asked.value("won_revenue_ytd") == {(): 460}


def test_fiscal_quarter_to_date_starts_where_the_fiscal_year_does() -> None:
    asked = oracle(OUTCOMES, fiscal_year_start_month=2)  # quarters from February and May
    assert asked.value("won_revenue_fiscal_qtd", ["month"])[months(3)[0]] == 300
    assert asked.value("won_revenue_fiscal_ytd", ["month"])[months(5)[0]] == 360
    assert asked.value("won_revenue", ["fiscal_quarter"]) == {
        (date(2023, 11, 1),): 100,
        (date(2024, 2, 1),): 300,
        (date(2024, 5, 1),): 60,
    }


def test_rolling_windows_are_of_whole_calendar_months() -> None:
    asked = oracle(OUTCOMES)
    assert asked.value("won_revenue_rolling_3m", ["month"]) == matched(
        months(1, 2, 3, 4, 5), (100, 400, 400, 300, 60)
    )
    assert asked.value("won_revenue_rolling_12m") == {(): 460}
    with pytest.raises(ValueError, match="day"):
        asked.value("won_revenue_rolling_3m", ["day"])


def test_growth_up_to_the_running_period() -> None:
    rows = [
        closed("A", WON, "2023-05-01", 100, created="2023-01-01"),
        closed("B", LOST, "2023-05-01", 100, created="2023-01-01"),
        closed("C", WON, "2023-08-01", 150, created="2023-01-01"),
        closed("D", WON, "2024-05-01", 70),
    ]
    asked = oracle(rows)
    quarters: list[Key] = [
        (date(2023, 4, 1),),
        (date(2023, 7, 1),),
        (date(2023, 10, 1),),
        (date(2024, 4, 1),),
    ]
    assert asked.value("won_revenue_qoq_growth", ["quarter"]) == matched(
        quarters, (None, 0.5, -1, None)
    )
    assert asked.value("win_rate_qoq_change", ["quarter"]) == matched(
        quarters, (None, 0.5, None, None)
    )
    assert asked.value("won_revenue_yoy_growth", ["quarter"])[quarters[3]] == pytest.approx(-0.3)
    assert asked.value("won_revenue_yoy_growth", ["year"])[date(2024, 1, 1),] == (70 - 250) / 250


def test_quota_attainment_and_coverage_by_owner_and_period() -> None:
    quotas = [
        Quota(ANA, date(2024, 5, 1), Decimal(260)),
        Quota(ANA, date(2024, 6, 1), Decimal(200)),
        Quota(BEN, date(2024, 5, 1), Decimal(10)),
    ]
    rows = [*OUTCOMES, closed("Z", WON, "2024-05-02", 40, owner_id=BEN)]
    asked = oracle(rows, quotas=quotas)
    by, may = ["month", "owner__owner_name"], date(2024, 5, 1)
    assert asked.value("quota", ["quarter"]) == {(date(2024, 4, 1),): 470}
    attained = asked.value("quota_attainment", by)
    assert attained[may, "Ana Li"] == 60 / 260
    assert attained[may, "Ben"] == 4
    assert attained[date(2024, 6, 1), "Ana Li"] == 0
    assert attained[date(2024, 2, 1), "Ana Li"] is None
    # The reference date lies in the middle of May.
    coverage = asked.value("pipeline_coverage", by)
    assert coverage[may, "Ana Li"] == 4000 / 200
    assert coverage[may, "Ben"] is None
    assert coverage[date(2024, 6, 1), "Ana Li"] == 800 / 200
    with pytest.raises(ValueError, match="no period"):
        asked.value("quota")
    with pytest.raises(ValueError, match="account__industry"):
        asked.value("quota_attainment", ["month", "account__industry"])


def test_coverage_of_what_is_over_and_of_what_is_all_but_reached() -> None:
    quotas = [
        Quota(ANA, date(2024, month, 1), Decimal(amount))
        for month, amount in ((2, 1000), (5, 61), (6, 0))
    ]
    asked = oracle(OUTCOMES, quotas=quotas)
    keys = months(1, 2, 3, 5, 6)
    # 60 of 61 are won in May: what is missing counts 5 % of the quota.
    assert asked.value("pipeline_coverage", ["month"]) == matched(
        keys, (None, None, None, pytest.approx(4000 / 3.05), None)
    )
    assert asked.value("pipeline_coverage_of_quota", ["month"]) == matched(
        months(2, 5, 6), (None, pytest.approx(4000 / 61), None)
    )
    # On the last day of a period it is over.
    over = PipelineOracle(raw_of(OUTCOMES), date(2024, 5, 31), quotas=tuple(quotas))
    assert over.value("pipeline_coverage", ["month"])[date(2024, 5, 1),] is None


def test_stage_win_rate_counts_distinct_opportunities_that_ever_entered() -> None:
    def deal(name: str, *stages: str) -> list[list[Row]]:
        return with_history(
            name,
            *[(f"2024-01-{day:02}", {"stage_name": stage}) for day, stage in enumerate(stages, 1)],
        )

    needs, proposal = "Needs Analysis", "Proposal/Price Quote"
    deals = [
        deal("A", needs, proposal, needs, WON),  # needs twice: counts once
        deal("B", needs, LOST),
        deal("C", proposal, LOST, needs, WON),  # lost, reopened, won: counts once, won
        deal("D", needs, proposal),
        deal("E", needs),
    ]
    asked = oracle_of(*deals, fewest_closed=3)
    assert asked.value("stage_win_rate", ["stage_entry__stage_name"]) == {
        (needs,): pytest.approx(2 / 3),
        (proposal,): 1,
        (WON,): 1,
        (LOST,): 0.5,
    }
    assert asked.value("stage_win_rate") == {(): pytest.approx(2 / 3)}
    # E's stage has 3 closed: 100 x 2 / 3. D's has 2: the probability of 10 %.
    assert asked.value("stage_adjusted_pipeline", ["opportunity__stage_name"]) == {
        (needs,): pytest.approx(200 / 3),
        (proposal,): 10,
    }


def test_won_and_later_lost_counts_once_in_its_last_state() -> None:
    deal = with_history(
        "A",
        ("2024-01-01", {}),
        ("2024-02-01", {"stage_name": WON}),
        ("2024-03-01", {"stage_name": LOST}),
    )
    asked = oracle_of(deal)
    assert asked.value("closed_count") == asked.value("lost_count") == {(): 1}
    assert oracle_of(deal, source_dt=date(2024, 2, 28)).value("won_count") == {(): 1}
