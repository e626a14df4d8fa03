"""Quotas: what each owner should win in each month, in the corporate currency."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING

from metrics_store.demo.arrivals import SEASONS, YEARLY_GROWTH
from metrics_store.demo.clock import DAYS, MONTH_ENDS, MONTH_STARTS

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.demo.salesforce.people import Owner, Team

COLUMNS = ("owner_id", "month", "quota")
# What the average opportunity is expected to bring, won or not.
PER_OPPORTUNITY = 15_000
ROUNDED_TO = 500


def write_quotas(path: Path, opportunities: int, team: Team) -> Counter[str]:
    """Write one row per owner and month; 0 in the months the owner doesn't work here.

    Returns:
        Counts for the truth file; `quota_total` is in the corporate currency.
    """
    planted: Counter[str] = Counter()
    a_month = opportunities / len(team.owners) / len(MONTH_STARTS) * PER_OPPORTUNITY
    months = [day for day in DAYS if day.day == 1]
    partial = path.with_name(f"{path.name}.partial")
    try:
        with partial.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for owner in team.owners:
                for place, month in enumerate(months):
                    quota = _quota(owner, place, a_month)
                    writer.writerow((owner.id, month.isoformat(), quota))
                    planted["quotas"] += 1
                    planted["quotas_of_zero"] += quota == 0
                    planted["quota_total"] += quota
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return planted


def _quota(owner: Owner, place: int, a_month: float) -> int:
    if owner.until < MONTH_STARTS[place] or owner.since > MONTH_ENDS[place]:
        return 0
    # The three years' growth is 1 in their middle.
    growth: float = YEARLY_GROWTH ** (place / 12 - 1.5)
    quota = a_month * growth * SEASONS[place % 12] * (0.8 + 0.1 * (owner.number % 5))
    return max(1, round(quota / ROUNDED_TO)) * ROUNDED_TO
