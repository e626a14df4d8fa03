"""Quotas: what each owner should win in each month, in the corporate currency."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from metrics_store.demo.arrival_times import SEASONS, YEARLY_GROWTH
from metrics_store.demo.demo_calendar import DAY, LAST_DAY, MONTH_ENDS, MONTH_STARTS, midnight
from metrics_store.demo.planning.team_names import NOBODY, given_id
from metrics_store.demo.salesforce.salesforce_ids import SHORT

if TYPE_CHECKING:
    from collections import Counter

    from metrics_store.demo.salesforce.salesforce_users import Owner, Team
    from metrics_store.demo.table_files import Row

# What the average opportunity is expected to bring, won or not.
PER_OPPORTUNITY = 12_000
# What comes in is decided about two months later.
MONTHS_TO_A_DECISION = 2
# The parts of a full quota that are asked for in an owner's first months.
RAMP = (0.2, 0.4, 0.7)
ROUNDED_TO = 500
# A plan is known ahead: the first quarter of the year to come.
PLANNED = [*MONTH_STARTS, *(midnight(date(LAST_DAY.year + 1, month, 1)) for month in (1, 2, 3))]


def quota_rows(opportunities: int, team: Team, planted: Counter[str]) -> list[Row]:
    """Give one row per owner and month; 0 in the months the owner doesn't work here.

    Of the months to come, owners who work here on the last day have one.

    Args:
        opportunities: How many there are in all.
        team: Who works here when.
        planted: Counts for the truth file; `quota_total` is in the corporate currency.
    """
    shares = [_share(place) for place in range(len(PLANNED))]
    whole = opportunities * PER_OPPORTUNITY / sum(shares[: len(MONTH_STARTS)])
    heads = [sum(_works(owner, place) for owner in team.owners) for place in range(len(shares))]
    rows: list[Row] = []
    for owner in team.owners:
        owner_id = given_id(owner)
        first = next((place for place in range(len(shares)) if _works(owner, place)), 0)
        for place, share in enumerate(shares):
            quota = 0
            if _works(owner, place):
                ramp = RAMP[place - first] if place - first < len(RAMP) else 1
                wanted = whole * share / heads[place] * owner.skill * ramp
                quota = max(1, round(wanted / ROUNDED_TO)) * ROUNDED_TO
            rows.append((owner_id, PLANNED[place] // DAY, quota * 100))
            planted["quotas"] += 1
            planted["quotas_of_zero"] += quota == 0
            planted["quota_total"] += quota
            planted["quotas_by_short_ids"] += len(owner_id) == SHORT
    rows += [(NOBODY, moment // DAY, 10_000_00) for moment in MONTH_STARTS[-3:]]
    planted["quotas_of_nobody"] += 3
    return rows


def _works(owner: Owner, place: int) -> bool:
    known = min(place, len(MONTH_STARTS) - 1)
    return owner.since <= MONTH_ENDS[known] and owner.until >= MONTH_STARTS[known]


def _share(place: int) -> float:
    growth: float = YEARLY_GROWTH ** (place / 12)
    return growth * SEASONS[(place - MONTHS_TO_A_DECISION) % 12]
