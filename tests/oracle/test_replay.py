"""Lifecycles, owners, entries, exits and losses of histories worked out by hand."""

from __future__ import annotations

from datetime import date, datetime

from oracle.mini import change, oracle_of
from oracle.replay import lifecycles


def test_add_time_opens_the_next_lifecycle_even_while_the_first_goes_on() -> None:
    lives = lifecycles(
        [
            change(1, "2024-01-01", "add_time"),
            change(1, "2024-01-02", "stage_id", 1),
            change(1, "2024-02-01", "add_time"),
            change(1, "2024-02-02", "stage_id", 2),
        ]
    )
    assert [(life.opportunity, [entry.value for entry in life.entries]) for life in lives] == [
        ("pipedrive:1:1", ["1"]),
        ("pipedrive:1:2", ["2"]),
    ]


def test_changes_before_any_add_time_belong_to_the_first_lifecycle() -> None:
    (life,) = lifecycles(
        [change(1, "2024-01-01", "stage_id", 1), change(1, "2024-01-02", "add_time")]
    )
    assert life.opportunity == "pipedrive:1:1"
    assert len(life.entries) == 1


def test_first_owner_holds_from_the_beginning_and_the_next_from_their_own_instant() -> None:
    (life,) = lifecycles(
        [
            change(1, "2024-01-01", "add_time"),
            change(1, "2024-01-03", "user_id", 7),
            change(1, "2024-01-05", "user_id", 8),
        ]
    )
    assert life.owner_at(datetime(2024, 1, 1)) == 7
    assert life.owner_at(datetime(2024, 1, 4, 23, 59, 59)) == 7
    assert life.owner_at(datetime(2024, 1, 5)) == 8


def test_lifecycle_without_owner_rows_has_none() -> None:
    oracle = oracle_of(
        [change(1, "2024-01-01", "add_time"), change(1, "2024-01-02", "stage_id", 1)]
    )
    assert oracle.value("stage_entries", ["owner", "owner_name"]) == {(None, None): 1}


def test_changes_of_one_instant_are_ordered_by_key_whatever_their_order_in_the_file() -> None:
    instant = "2024-01-01"
    (life,) = lifecycles(
        [
            change(1, instant, "lost_reason", 1),
            change(1, instant, "stage_id", 1),
            change(1, instant, "user_id", 7),
            change(1, instant, "add_time"),
        ]
    )
    assert life.opportunity == "pipedrive:1:1"
    assert life.entries[0].exit == life.losses[0].time  # the entry comes first, the loss ends it


def test_exit_is_the_next_entry_or_loss_and_none_while_the_deal_stands_there() -> None:
    (life,) = lifecycles(
        [
            change(1, "2024-01-01", "stage_id", 1),
            change(1, "2024-01-05", "user_id", 7),
            change(1, "2024-01-09", "stage_id", 2),
            change(1, "2024-01-20", "lost_reason", 1),
            change(1, "2024-02-01", "stage_id", 2),
        ]
    )
    exits = [entry.exit.date() if entry.exit else None for entry in life.entries]
    assert exits == [date(2024, 1, 9), date(2024, 1, 20), None]


def test_relabelling_is_no_second_loss_and_reopening_makes_room_for_one() -> None:
    oracle = oracle_of(
        [
            change(1, "2024-01-01", "stage_id", 1),
            change(1, "2024-01-02", "lost_reason", 1),
            change(
                1, "2024-01-03", "lost_reason", 2
            ),  # re-labelled: the same loss, the newer reason
            change(1, "2024-02-01", "lost_reason", None),  # reopened by clearing
            change(1, "2024-02-02", "lost_reason", 2),
            change(1, "2024-03-01", "stage_id", 2),  # reopened by a stage entry
            change(1, "2024-03-02", "lost_reason", 1),
        ]
    )
    lost = [fact for fact in oracle.facts.funnel_events if fact["funnel_step"] == "Lost"]
    assert [(fact["time"].date(), fact["lost_reason"]) for fact in lost] == [
        (date(2024, 1, 2), "Unreachable"),
        (date(2024, 2, 2), "Unreachable"),
        (date(2024, 3, 2), "Price"),
    ]
    assert oracle.value("lost_deals") == {(): 1}
    assert oracle.value("lost_deals", ["lost_reason"]) == {("Price",): 1, ("Unreachable",): 1}


def test_exact_duplicates_count_once_and_other_fields_pass_by() -> None:
    oracle = oracle_of(
        [
            change(1, "2024-01-01", "add_time"),
            change(1, "2024-01-01", "add_time"),
            change(1, "2024-01-02", "stage_id", 1),
            change(1, "2024-01-02", "stage_id", 1),
            change(1, "2024-01-03", "title", "Rename"),
        ]
    )
    assert oracle.value("stage_entries", ["opportunity"]) == {("pipedrive:1:1",): 1}


def test_source_dt_itself_counts_and_the_next_day_does_not() -> None:
    changes = [
        change(1, "2024-01-31T23:59:59", "stage_id", 1),
        change(1, "2024-02-01T00:00:00", "stage_id", 2),
    ]
    assert oracle_of(changes, source_dt=date(2024, 1, 31)).value("stage_entries") == {(): 1}
    assert oracle_of(changes, source_dt=date(2024, 2, 1)).value("stage_entries") == {(): 2}
