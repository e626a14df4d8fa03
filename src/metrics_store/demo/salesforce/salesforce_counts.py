"""The counts in the truth file, with their meanings."""

from __future__ import annotations

LIVE = "Opportunities are those that aren't deleted, and history rows are theirs that aren't."
STATES = (
    "a state is the last history row, by the bytes of its id, of each second; the first holds from"
    " the created date; where the opportunity row differs from the last, it is one more"
)
OPEN = "between two states, both open"

MEANINGS = {
    # accounts
    "accounts": "accounts not deleted",
    "accounts_merged": "accounts with a master record id, all deleted",
    "accounts_merged_into_a_merged_one": "of them, those whose master was merged itself",
    "merged_accounts_without_opportunities": (
        "merged accounts whose id no opportunity row carries, as theirs were re-pointed or none"
    ),
    "accounts_deleted": "accounts deleted and not merged",
    "accounts_with_parent": "accounts not deleted with a parent, fifteen zeros not counted",
    "accounts_with_zeros_for_parent": "accounts not deleted whose parent is fifteen zeros",
    "accounts_without_industry": "accounts not deleted without industry",
    "accounts_without_revenue": "accounts not deleted without annual revenue",
    "accounts_of_segment_enterprise": "accounts not deleted, revenue from 10,000,000",
    "accounts_of_segment_mid_market": "accounts not deleted, revenue from 1,000,000 and below that",
    "accounts_of_segment_smb": "accounts not deleted, revenue below 1,000,000",
    "accounts_at_a_segment_edge": "accounts not deleted, revenue 1,000,000 or 10,000,000 sharp",
    # people
    "users": "user rows",
    "owners": "users titled Account Executive; they own all opportunities",
    "owners_who_left": "of them, those not active",
    "owners_sharing_a_name": "of them, those whose name another owner has too",
    "users_with_zeros_for_manager": "users whose manager is fifteen zeros",
    "roles_with_zeros_for_parent": "roles whose parent is fifteen zeros",
    # opportunities as they are at the end
    "opportunities": f"opportunities. {LIVE}",
    "open": "opportunities with is_closed false",
    "won": "opportunities with is_won true",
    "lost": "opportunities closed and not won",
    "open_and_overdue": "open ones with a close date before the last day",
    "open_without_probability": "open ones without probability",
    "open_with_another_probability_than_the_stages": (
        "open ones in a standard stage with a probability that isn't its default"
    ),
    "closed_with_another_probability_than_the_stages": "the same of closed ones",
    "in_an_unknown_open_stage": "open ones in a stage that no standard list has",
    "in_an_unknown_closed_stage": "closed ones in a stage that no standard list has, none won",
    "without_amount": "opportunities without amount",
    "with_amount_zero": "opportunities with amount 0",
    "close_date_before_creation": "opportunities with a close date before their created date",
    "won_before_creation": "of them, those won",
    "close_date_on_leap_day": "opportunities with close date 2024-02-29",
    "created_on_leap_day": "opportunities created on 2024-02-29",
    "opportunities_in_usd": "opportunities in USD, the corporate currency",
    "opportunities_in_eur": "opportunities in EUR",
    "opportunities_in_gbp": "opportunities in GBP",
    "without_account": "opportunities without account id",
    "with_zeros_for_account": "opportunities whose account id is fifteen zeros",
    "of_merged_accounts": "opportunities still pointing at an account that was merged away",
    "of_deleted_accounts": "opportunities pointing at an account that was deleted, not merged",
    "open_with_owners_who_left": "open ones whose owner isn't active",
    "deleted_opportunities": "opportunity rows that are deleted",
    # history
    "history_rows": f"history rows. {LIVE}",
    "history_at_month_start": "history rows at 00:00:00 of the first of a month",
    "history_at_month_end": "history rows at 23:59:59 of the last day of a month",
    "history_at_quarter_start": "history rows at 00:00:00 of the first of a quarter",
    "history_at_quarter_end": "history rows at 23:59:59 of the last day of a quarter",
    "history_on_leap_day": "history rows on 2024-02-29",
    "creation_ties": "opportunities with several history rows in the creating second",
    "later_ties": "later seconds with several history rows of one opportunity",
    "later_ties_without_change": "of them, those whose last row is the state before them",
    "ties_that_only_bytes_decide": (
        "seconds of several history rows whose greatest id is another one when case is ignored"
    ),
    "closed_in_the_creating_second": "opportunities whose state of the creating second is closed",
    "opened_and_closed_in_the_creating_second": (
        "of them, those that also have an open row in that second"
    ),
    "history_starts_late": "opportunities whose first history row is after the created date",
    "without_history": "opportunities without history rows",
    "row_differs_from_history": (
        "opportunities whose stage, amount, probability or close date isn't the last history row's"
    ),
    "deleted_history_rows": "deleted history rows of opportunities that aren't",
    "history_rows_of_deleted_opportunities": (
        "history rows of deleted opportunities, deleted with them or not"
    ),
    "history_rows_without_opportunity": "history rows whose opportunity has no row at all",
    "histories_without_opportunity": "opportunity ids of such rows",
    # changes
    "stage_changes": f"states in another stage than the one before; {STATES}",
    "pushes": f"changes of the close date to a later one, {OPEN}",
    "days_pushed": "sum of the days they add",
    "pushes_across_quarters": "of them, those into a later calendar quarter",
    "pushes_to_a_quarters_first_day": "of them, those to the first day of a calendar quarter",
    "pushes_to_a_quarters_last_day": "of them, those to the last day of a calendar quarter",
    "pull_ins": f"changes of the close date to an earlier one, {OPEN}",
    "pull_ins_across_quarters": "of them, those into an earlier calendar quarter",
    "amount_increases": f"changes of an amount to a higher one, {OPEN}",
    "amount_decreases": f"changes of an amount to a lower one, {OPEN}",
    "amounts_filled_later": f"changes from no amount to one, {OPEN}",
    "probability_changes": f"changes of the probability within a stage, {OPEN}",
    "closings": "changes from an open state to a closed one",
    "closings_with_a_later_close_date": "of them, those that also move the close date later",
    "closings_with_an_earlier_close_date": "of them, those that also move it earlier",
    "closings_with_another_amount": "of them, those that also change the amount",
    "won_to_lost": "changes from Closed Won to Closed Lost",
    "lost_to_won": "changes from Closed Lost to Closed Won",
    "reopened_from_won": "changes from Closed Won to an open stage",
    "reopened_from_lost": "changes from Closed Lost to an open stage",
    # owners
    "owner_changes": "field history rows of the owner, not deleted",
    "owner_changes_with_a_stage_change": "of them, those in the second of a change of stage",
    "owner_changes_twice_in_a_second": "seconds with two owner changes of one opportunity",
    "with_several_owners": "opportunities with owner changes",
    "deleted_owner_changes": "deleted field history rows of the owner",
    "changes_of_other_fields": "field history rows of other fields",
}
