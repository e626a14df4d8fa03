"""Lifecycles, owners, entries, exits and losses of histories worked out by hand."""

from __future__ import annotations

from datetime import date, datetime

from oracle.mini import activity, change, oracle_of
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


def test_the_stage_that_it_is_in_is_entered_again_after_a_loss_only() -> None:
    (life,) = lifecycles(
        [
            change(1, "2024-01-01T00:00:00", "stage_id", 1),
            change(1, "2024-01-01T00:00:01", "stage_id", 1),  # landed twice
            change(1, "2024-01-05", "lost_reason", 1),
            change(1, "2024-01-09", "stage_id", 1),
        ]
    )
    assert [entry.time.day for entry in life.entries] == [1, 9]


def test_a_status_decides_where_there_is_one() -> None:
    (life,) = lifecycles(
        [
            change(1, "2024-01-01", "stage_id", 1),
            change(1, "2024-01-03", "lost_reason", 1),  # no loss: the deal stays open
            change(1, "2024-01-10", "status", "won"),
            change(1, "2024-01-12", "stage_id", 2),  # of a closed deal: no entry
            change(1, "2024-01-20", "status", "open"),
            change(1, "2024-02-01", "status", "lost"),
            change(1, "2024-02-02", "status", "deleted"),
            change(1, "2024-02-03", "status", "lost"),  # brought back as it was
        ]
    )
    assert [(entry.value, entry.exit and entry.exit.day) for entry in life.entries] == [("1", 10)]
    assert [(loss.time, loss.value) for loss in life.losses] == [(datetime(2024, 2, 1), "1")]
    assert (life.outcome, life.closed, life.is_deleted) == ("lost", datetime(2024, 2, 1), False)


def test_a_deleted_deal_has_no_facts_and_its_calls_are_of_no_deal() -> None:
    oracle = oracle_of(
        [change(1, "2024-01-02", "stage_id", 1), change(1, "2024-01-03", "status", "deleted")],
        [activity(5, "2024-01-02", "meeting", deal_id=1)],
    )
    assert oracle.value("stage_entries") == {}
    assert oracle.value("funnel_deals") == {}
    assert oracle.value("deals_worked") == {}
    assert oracle.value("activities_completed") == {(): 1}


def test_each_lifecycle_ends_once_and_the_first_one_first() -> None:
    first, second = lifecycles(
        [
            change(1, "2024-01-01", "add_time"),
            change(1, "2024-01-02", "stage_id", 1),
            change(1, "2024-01-03", "add_time"),
            change(1, "2024-01-04", "stage_id", 2),
            change(1, "2024-01-05", "lost_reason", 1),
            change(1, "2024-01-06", "stage_id", 3),
            change(1, "2024-01-07", "lost_reason", 2),
            change(1, "2024-01-08", "lost_reason", 1),  # the second's own: the first has ended
        ]
    )
    assert [(loss.time.day, loss.value) for loss in first.losses] == [(5, "1")]
    assert [entry.value for entry in second.entries] == ["2", "3"]
    assert [(loss.time.day, loss.value) for loss in second.losses] == [(7, "1")]


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
