"""Values, deletions, merges, currencies, stages and buckets, worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from oracle.pipeline import PipelineOracle
from oracle.pipeline.cleaning import segment
from oracle.pipeline.mini import account, change, opportunity, raw_of
from oracle.pipeline.reading import folded
from oracle.pipeline.values import boolean, day, identifier, probability, text, timestamp

YEAR_END = date(2024, 12, 31)


@pytest.mark.parametrize(
    ("given", "plain"),
    [(True, True), ("true", True), ("1", True), (1, True), ("0", False), ("False", False)],
)
def test_booleans_in_every_spelling(*, given: object, plain: bool) -> None:
    assert boolean(given) is plain


def test_a_boolean_that_is_none_is_an_error_and_an_empty_one_false() -> None:
    assert boolean("") is False
    with pytest.raises(ValueError, match="maybe"):
        boolean("maybe")


def test_empty_text_ids_of_zeros_and_times() -> None:
    assert text("") is None
    assert identifier("000000000000000AAA") is None
    assert identifier("000000000000000") is None
    assert identifier("001000000000000AAA") == "001000000000000AAA"
    # The first five with H, the last with U, the fourth; upper case at all places is 5.
    assert identifier("005Hp000022Uuu1") == identifier("005Hp000022Uuu1IAC") == "005Hp000022Uuu1IAC"
    assert identifier("ABCDEabcdeABcdE") == "ABCDEabcdeABcdE5AT"
    assert identifier("not-fifteen-one") == "not-fifteen-one"
    assert timestamp("2024-01-02T03:04:05.000+0200") == datetime(2024, 1, 2, 1, 4, 5)
    assert timestamp("2024-01-02 03:04:05") == datetime(2024, 1, 2, 3, 4, 5)
    assert day("2023-09-06 00:00:00") == date(2023, 9, 6)


def test_probability_is_divided_and_its_range_asserted() -> None:
    assert probability("75") == Decimal("0.75")
    with pytest.raises(ValueError, match="101"):
        probability(101)


def test_api_names_fold() -> None:
    row = {"StageName": 1, "IsWon": 2, "CurrencyIsoCode": 3, "_fivetran_deleted": 4, "Id": 5}
    assert list(folded(row)) == [
        "stage_name",
        "is_won",
        "currency_iso_code",
        "_fivetran_deleted",
        "id",
    ]


def test_segments_at_their_edges() -> None:
    revenues = [None, Decimal(999_999), Decimal(1_000_000), Decimal(9_999_999), Decimal(10_000_000)]
    names = [None, "SMB", "Mid-Market", "Mid-Market", "Enterprise"]
    assert [segment(revenue) for revenue in revenues] == names


def test_deleted_records_leave_today_and_every_past_day() -> None:
    rows = [
        opportunity("A", "2024-01-01"),
        opportunity("B", "2024-01-01", is_deleted="1"),
        opportunity("C", "2024-01-01", _fivetran_deleted=True),
    ]
    oracle = PipelineOracle(raw_of(rows), YEAR_END)
    assert oracle.value("open_pipeline") == {(): 100}
    assert set(oracle.value("pipeline_snapshot", ["month"]).values()) == {100}


def test_merged_accounts_hand_their_opportunities_to_the_last_survivor() -> None:
    accounts = [
        account("001A", is_deleted=True, master_record_id="001B"),
        account("001B", is_deleted=True, master_record_id="001C"),
        account("001C", industry="Retail"),
        account("001D", is_deleted=True),
    ]
    rows = [
        opportunity("A", "2024-01-01"),
        opportunity("D", "2024-01-01", account_id="001D"),
    ]
    oracle = PipelineOracle(raw_of(rows, accounts=accounts), YEAR_END)
    assert oracle.value("opportunity_count", ["account", "account__industry"]) == {
        ("salesforce:001C", "Retail"): 1,
        (None, None): 1,
    }


def test_currencies_convert_amounts_history_and_revenue() -> None:
    rows = [
        opportunity("A", "2024-01-01", currency_iso_code="EUR", last_modified_date="2024-02-01")
    ]
    history = [change("A", "2024-01-01", amount="50", currency_iso_code="EUR")]
    accounts = [account(annual_revenue="9000000", currency_iso_code="EUR")]
    oracle = PipelineOracle(raw_of(rows, history, accounts=accounts), YEAR_END, rates={"EUR": 1.2})
    assert oracle.value("open_pipeline", ["account__segment", "opportunity__currency"]) == {
        ("Enterprise", "EUR"): 120
    }
    assert oracle.value("pipeline_walk_created") == {(): 60}
    odd = [opportunity("A", "2024-01-01", currency_iso_code="EUR", amount="0.333333")]
    rounded = PipelineOracle(raw_of(odd), YEAR_END, rates={"EUR": "1.08"})
    assert rounded.value("open_pipeline") == {(): 0.36}  # 0.35999964
    with pytest.raises(ValueError, match="EUR"):
        PipelineOracle(raw_of(rows), YEAR_END, rates={"USD": 1})


def test_a_history_row_has_its_own_currency_and_lacks_what_the_opportunity_knows() -> None:
    row = opportunity("A", "2024-01-01", currency_iso_code="EUR", last_modified_date="2024-05-01")
    history = [
        change("A", "2024-01-01", currency_iso_code="GBP"),
        change("A", "2024-02-01", currency_iso_code="", forecast_category=None),
    ]
    oracle = PipelineOracle(raw_of([row], history), YEAR_END, rates={"EUR": 2, "GBP": 3})
    by = ["month", "forecast_category"]
    assert oracle.value("pipeline_snapshot", by)[date(2024, 1, 1), "Pipeline"] == 300
    assert oracle.value("pipeline_snapshot", by)[date(2024, 2, 1), "Pipeline"] == 200
    assert len(oracle.facts.replayed[0].states) == 2  # today is as the last row says


def test_no_currency_is_the_corporate_one() -> None:
    oracle = PipelineOracle(raw_of([opportunity("A", "2024-01-01")]), YEAR_END, rates={"USD": 1})
    assert oracle.value("open_pipeline", ["opportunity__currency"]) == {("USD",): 100}


def test_open_without_probability_takes_the_stages_default() -> None:
    rows = [
        opportunity("A", "2024-01-01", probability="", stage_name="Value Proposition"),  # 0.5
        opportunity("B", "2024-01-01", probability=None, stage_name="Unheard of"),  # 0
        opportunity("C", "2024-01-01", probability="0", amount=""),
        opportunity("D", "2024-01-01", probability="20", amount="0"),
    ]
    oracle = PipelineOracle(raw_of(rows), YEAR_END)
    assert oracle.value("weighted_pipeline") == {(): 50}
    # An amount of 0 is an amount, none is none: (100 + 100 + 0) / 3.
    assert oracle.value("average_deal_size") == {(): pytest.approx(200 / 3)}


def test_unknown_stages_take_their_state_from_the_flags_known_ones_from_the_map() -> None:
    rows = [
        opportunity("A", "2024-01-01", stage_name="Signed", is_closed="0", is_won="1"),
        opportunity("B", "2024-01-01", stage_name="Dead", is_closed="1", is_won="0"),
        opportunity("C", "2024-01-01", stage_name="Warm", is_closed="0", is_won="0"),
        opportunity("D", "2024-01-01", stage_name="CLOSED won", is_closed="0", is_won="0"),
        # Was in Dead: the state of that stage is known from B.
        opportunity("E", "2024-01-01", last_modified_date="2024-03-01"),
    ]
    oracle = PipelineOracle(raw_of(rows, [change("E", "2024-01-01", stage_name="dead")]), YEAR_END)
    assert oracle.value("won_count", ["opportunity__stage_name"]) == {
        ("Signed",): 1,
        ("Dead",): 0,
        ("Closed Won",): 1,
    }
    assert oracle.value("open_opportunity_count") == {(): 2}
    assert oracle.value("pipeline_walk_reopened") == {(): 100}


def test_a_stage_that_was_renamed_is_won_or_lost_by_what_the_history_says_of_it() -> None:
    def reopened(forecast_category: str, chance: str | None) -> object:
        row = opportunity("A", "2024-01-01", last_modified_date="2024-06-01")
        old = {"stage_name": "Old", "forecast_category": forecast_category, "probability": chance}
        history = [change("A", "2024-01-01"), change("A", "2024-02-01", **old)]
        oracle = PipelineOracle(raw_of([row], history), YEAR_END)
        return oracle.value("pipeline_walk_reopened").get((), 0)

    assert [reopened("Closed", "100"), reopened("Closed", None)] == [100, 100]
    assert reopened("OMITTED", "0") == 100
    assert [reopened("Closed", "90"), reopened("Omitted", None), reopened("", "100")] == [0, 0, 0]


def test_close_date_buckets_and_overdue() -> None:
    source_dt = date(2024, 6, 1)
    due = ["2024-05-31", "2024-06-01", "2024-07-01", "2024-07-02", "2024-08-01", "2024-08-31"]
    rows = [opportunity(str(n), "2024-01-01", close_date=close) for n, close in enumerate(due)]
    rows.append(opportunity("W", "2024-01-01", stage_name="Closed Won", close_date="2024-05-01"))
    oracle = PipelineOracle(raw_of(rows), source_dt)
    by = ["opportunity__close_date_bucket", "opportunity__is_overdue"]
    # Days ahead: -1, 0, 30, 31, 61, 91.
    assert oracle.value("opportunity_count", by) == {
        ("Overdue", True): 1,
        ("0-30", False): 2,
        ("31-60", False): 1,
        ("61-90", False): 1,
        ("91+", False): 1,
        (None, False): 1,
    }


def test_owner_dimensions_and_owners_who_are_not_in_the_users() -> None:
    rows = [opportunity("A", "2024-01-01"), opportunity("B", "2024-01-01", owner_id="005X")]
    by = ["owner", "owner__owner_name", "owner__team", "owner__manager_name"]
    assert PipelineOracle(raw_of(rows), YEAR_END).value("opportunity_count", by) == {
        ("salesforce:005000000000001AAA", "Ana Li", "East", "Ben"): 1,
        ("salesforce:005X", None, None, None): 1,
    }
