"""The counts in the truth file, with their meanings."""

from __future__ import annotations

ONCE = "in deal ids used once"

MEANINGS = {
    # deals
    "deal_ids": "deal ids with changes",
    "lifecycles": "add_time rows, exact duplicates once",
    "deal_ids_used_twice": "deal ids with two add_time rows",
    "deal_ids_used_twice_interleaving": (
        "of them, those whose first life still goes on, not lost, at the second add_time"
    ),
    "stage_entries": "stage_id rows, exact duplicates once",
    "starts_after_stage_1": f"lifecycles whose first stage isn't stage 1, {ONCE}",
    "skipping_moves": f"stage entries that jump over at least one stage forwards, {ONCE}",
    "re_entries": f"entries into a stage that the lifecycle entered before, {ONCE}",
    "losses": f"lost_reason rows with a value while the deal wasn't lost, {ONCE}",
    "relabelled_losses": f"lost_reason rows with a value while the deal was lost, {ONCE}",
    "reopened_by_stage_entry": f"stage entries while the deal was lost, {ONCE}",
    "reopened_by_clearing": f"lost_reason rows without a value while the deal was lost, {ONCE}",
    "open_at_the_end": f"lifecycles with a stage entry that aren't lost at the end, {ONCE}",
    "several_owners": f"lifecycles with more than one user_id row, {ONCE}",
    "without_owner": f"lifecycles without a user_id row, {ONCE}",
    "creation_ties": "lifecycles whose add_time, user_id and first stage_id share one second",
    "stage_ties": "seconds in which one deal entered two stages",
    "loss_ties": "losses in the second of a stage entry",
    "conversions_after_exactly_30_days": "first entries of stage 2 exactly 30 days after stage 1's",
    "conversions_a_second_after_30_days": "the same, one second later",
    "conversions_after_exactly_90_days": "first entries of stage 2 exactly 90 days after stage 1's",
    "changes_at_month_start": "changes at 00:00:00 of the first of a month",
    "changes_at_month_end": "changes at 23:59:59 of the last day of a month",
    "changes_on_leap_day": "changes on 2024-02-29, exact duplicates once",
    "changes_of_other_fields": "changes of a field that no model knows",
    "duplicate_changes": "change rows that repeat another in every column",
    # activities
    "activities": "activity rows, exact duplicates once",
    "completed_activities": "activities that are done",
    "planned_activities": "activities due after the last day, none done",
    "overdue_activities": "activities due up to the last day and not done",
    "activities_of_an_inactive_type": "activities whose type is no longer active",
    "activities_without_deal": "activities without deal id",
    "activities_of_unchanged_deals": "activities whose deal id has no changes",
    "activities_without_assignee": "activities without user",
    "activities_before_the_deal": "activities due before their deal's first add_time",
    "activities_at_the_second_add_time": "activities due in the second of the second add_time",
    "activity_ids_used_twice": "activity ids that two different activities carry",
    "activities_at_month_start": "activities due at 00:00:00 of the first of a month",
    "activities_at_month_end": "activities due at 23:59:59 of the last day of a month",
    "activities_on_leap_day": "activities due on 2024-02-29, exact duplicates once",
    "duplicate_activities": "activity rows that repeat another in every column",
    # people and names
    "users_sharing_a_name": "users whose name another user has too",
    "users_with_unusual_names": "users whose name has more than plain letters and spaces",
    "stages_spelt_differently": "stages whose name in the stages table isn't the fields' label",
}
