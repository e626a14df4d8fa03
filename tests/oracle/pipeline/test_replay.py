"""States of opportunities by their history, worked out by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from oracle.pipeline import PipelineOracle
from oracle.pipeline.mini import ANA, BEN, change, opportunity, oracle_of, owner_change, raw_of

if TYPE_CHECKING:
    from oracle.pipeline.replay import Replayed
    from oracle.reading import Row


def replayed(
    today: Row,
    history: list[Row],
    owners: list[Row] | None = None,
    source_dt: date = date(2024, 12, 31),
) -> Replayed:
    oracle = PipelineOracle(raw_of([today], history, owners), source_dt)
    return oracle.facts.replayed[0]


def told(replay: Replayed) -> list[tuple[str, str, int]]:
    return [
        (state.valid_from.isoformat()[:10], state.stage.name, int(state.amount))
        for state in replay.states
    ]


def test_rows_of_one_instant_collapse_to_the_greater_id_by_bytes() -> None:
    history = [
        change("A", "2024-01-01", "008b", amount="3"),  # lower case comes after upper case
        change("A", "2024-01-01", "008B", amount="2"),
        change("A", "2024-01-01", "008A", amount="1"),
    ]
    # Were another one the last, today's row would differ from it, and be a second state.
    today = opportunity("A", "2024-01-01", amount="3", last_modified_date="2024-02-01")
    assert told(replayed(today, history)) == [("2024-01-01", "Qualification", 3)]


def test_first_state_holds_from_creation_and_rows_before_creation_are_at_it() -> None:
    late = [change("A", "2024-03-01", amount="5")]
    assert told(replayed(opportunity("A", "2024-01-01", amount="5"), late)) == [
        ("2024-01-01", "Qualification", 5)
    ]
    # Also on days before the history starts: it is known to have been so since the creation.
    before = replayed(opportunity("A", "2024-01-01", amount="5"), late, source_dt=date(2024, 2, 1))
    assert told(before) == [("2024-01-01", "Qualification", 5)]
    early = [change("A", "2023-11-01", amount="5"), change("A", "2023-12-01", amount="6")]
    assert told(replayed(opportunity("A", "2024-01-01", amount="6"), early)) == [
        ("2024-01-01", "Qualification", 6)
    ]


def test_the_row_is_one_more_state_where_it_differs() -> None:
    today = opportunity("A", "2024-01-01", amount="9", last_modified_date="2024-05-01")
    history = [change("A", "2024-01-01"), change("A", "2024-02-01", amount="5")]
    expected = [
        ("2024-01-01", "Qualification", 100),
        ("2024-02-01", "Qualification", 5),
        ("2024-05-01", "Qualification", 9),
    ]
    assert told(replayed(today, history)) == expected
    # As of a day before it, what the row says has not happened yet.
    assert told(replayed(today, history, source_dt=date(2024, 4, 30))) == expected[:2]
    # Modified before the history's last row: it takes that row's place.
    today["last_modified_date"] = "2024-01-15"
    assert told(replayed(today, history))[-1] == ("2024-02-01", "Qualification", 9)


def test_without_history_the_row_holds_from_creation() -> None:
    today = opportunity("A", "2024-01-01", last_modified_date="2024-05-01")
    assert told(replayed(today, [])) == [("2024-01-01", "Qualification", 100)]


def test_source_dt_is_included_and_what_comes_after_is_not_built() -> None:
    today = opportunity("A", "2024-01-01", amount="2", last_modified_date="2024-02-02")
    history = [
        change("A", "2024-01-01"),
        change("A", "2024-02-01T23:59:59", amount="1"),
        change("A", "2024-02-02T00:00:00", amount="2"),
    ]
    assert told(replayed(today, history, source_dt=date(2024, 2, 1)))[-1][2] == 1
    assert told(replayed(today, history, source_dt=date(2024, 2, 2)))[-1][2] == 2
    oracle = PipelineOracle(raw_of([today], history), date(2023, 12, 31))
    assert oracle.value("opportunity_count") == {}


def test_state_at_an_instant_is_half_open() -> None:
    history = [change("A", "2024-01-01"), change("A", "2024-02-01", amount="5")]
    replay = replayed(opportunity("A", "2024-01-01", amount="5"), history)
    february = datetime(2024, 2, 1)
    at, before = replay.at(february), replay.before(february)
    assert at is not None
    assert before is not None
    assert [int(at.amount), int(before.amount)] == [5, 100]
    assert replay.at(datetime(2023, 12, 31)) is None


def test_owners_by_field_history_ids_only() -> None:
    today = opportunity("A", "2024-01-01", owner_id=BEN, last_modified_date="2024-04-01")
    owners = [
        owner_change("A", "2024-02-01", ANA, BEN),
        owner_change("A", "2024-02-01", "Ana Li", "Ben"),  # the same change by names
        {**owner_change("A", "2024-02-02", "x", ANA), "field": "NextStep"},
    ]
    replay = replayed(today, [change("A", "2024-01-01")], owners)
    assert [(state.valid_from.month, state.owner) for state in replay.states] == [
        (1, ANA),
        (2, BEN),
    ]


def test_an_owner_that_differs_from_the_last_change_holds_from_the_last_modification() -> None:
    today = opportunity("A", "2024-01-01", owner_id=ANA, last_modified_date="2024-04-01")
    replay = replayed(today, [], [owner_change("A", "2024-02-01", ANA[:15], BEN)])
    assert [(state.valid_from.month, state.owner) for state in replay.states] == [
        (1, ANA),
        (2, BEN),
        (4, ANA),
    ]


def test_without_field_history_todays_owner_holds_for_all_days() -> None:
    deal = [
        [opportunity("A", "2024-01-01", owner_id=BEN, amount="5")],
        [change("A", "2024-01-01"), change("A", "2024-02-01", amount="5")],
    ]
    oracle = oracle_of(deal, source_dt=date(2024, 2, 15))
    assert oracle.value("pipeline_snapshot", ["month", "owner__owner_name"]) == {
        (date(2024, 1, 1), "Ben"): 100,
        (date(2024, 2, 1), "Ben"): 5,
    }
