"""The counts in the truth file, with their meanings."""

from __future__ import annotations

MEANINGS = {
    # quotas
    "quotas": "quotas of Salesforce's owners: every owner and month",
    "quotas_of_zero": "of them, those of 0: the owner doesn't work here in that month",
    "quota_total": "their sum, in the corporate currency",
    "quotas_by_short_ids": "of them, those whose owner's id has fifteen characters",
    "quotas_of_nobody": "quotas whose owner no user row has",
    # teams
    "team_memberships": "team memberships of Salesforce's owners",
    "owners_with_memberships": "owners of them; the others are in their role's team for all time",
    "team_memberships_by_short_ids": "memberships whose owner's id has fifteen characters",
    "team_changes": "memberships after the owner's first, up to the last day",
    "team_changes_within_a_month": "of them, those not on the first of a month",
    "team_memberships_without_team": "memberships in no team at all",
    "team_memberships_after_the_last_day": "memberships that begin after the last day",
    "owners_in_another_team_than_their_roles": (
        "owners whose last membership up to the last day is in another team than their role"
    ),
    "team_memberships_of_nobody": "memberships whose owner no user row has",
}
