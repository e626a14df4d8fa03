"""What the reports are to say of the pipeline's health, worked out in Python."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from oracle.pipeline.health import health_status

if TYPE_CHECKING:
    from collections.abc import Mapping

LACKS = {
    "overdue_score": "nothing was open at the end",
    "win_rate_score": "nothing closed",
    "deal_size_score": "nothing due or closed in the quarter has an amount",
}
# In the order in which the first of equals is the weakest.
PARTS = ("overdue_score", "win_rate_score", "deal_size_score", "pipeline_volume_score")
ADVICE = {
    None: "Keep going: no part of the pipeline health is below its full points.",
    "win_rate_score": "Find out where deals are lost: compare win rates by owner and industry, and "
    "qualify earlier.",
    "deal_size_score": "Aim for larger deals: look at discounts, and at accounts of larger "
    "segments.",
    "pipeline_volume_score": "Create more opportunities: too few were added in the quarter.",
}
MISSING_ADVICE = {
    "overdue_score": "Build a pipeline: nothing with an amount is open.",
    "win_rate_score": "Close what is due, won or lost: nothing closed in the quarter.",
    "deal_size_score": "Enter amounts: nothing due or closed in the quarter has one.",
}


def _rounded(value: object, step: str) -> str:
    return str(Decimal(str(value)).quantize(Decimal(step), ROUND_HALF_UP))


def percent(rate: float) -> str:
    """Give a fraction in percent with one decimal."""
    return f"{_rounded(Decimal(str(rate)) * 100, '0.1')} %"


def weakest(row: Mapping[str, Any]) -> str | None:
    """Name the part with the fewest points; none where all have 25."""
    points = {part: row[part] for part in PARTS}
    lowest = min(points.values())
    return None if lowest == 25 else next(part for part in PARTS if points[part] == lowest)


def _about(row: Mapping[str, Any]) -> str:
    part = weakest(row)
    if part is None:
        return "All four parts have full points."
    if part == "pipeline_volume_score" and not row["opportunity_count"]:
        return "Weakest part: no opportunity created."
    words = {
        "overdue_score": lambda: f"{percent(row['overdue_rate'])} of the open amount is overdue",
        "win_rate_score": lambda: f"a win rate of {percent(row['win_rate'])}",
        "deal_size_score": lambda: (
            f"an average deal size of {_rounded(row['average_deal_size'], '1')}"
        ),
        "pipeline_volume_score": lambda: (
            f"{_rounded(row['opportunity_count'], '1')} opportunities created"
        ),
    }
    return f"Weakest part: {words[part]()} ({int(row[part])} of 25 points)."


def key_insight(row: Mapping[str, Any], *, is_running: bool) -> str:
    """Status and weakest part, or what a score lacks; then the growth."""
    score, growth = row["pipeline_health_score"], row["won_revenue_qoq_growth"]
    if score is None:
        lacking = [words for part, words in LACKS.items() if row[part] is None]
        health = f"No health score: {', '.join(lacking)}."
    else:
        health = f"{health_status(score)}, {int(score)} of 100 points. {_about(row)}"
    if growth is None:
        return f"{health} Nothing was won in the quarter before to compare with."
    place = "that of" if growth == 0 else f"{percent(abs(growth))} {_side(growth)}"
    return f"{health} Won revenue {'so far ' * is_running}is {place} the quarter before."


def _side(growth: float) -> str:
    return "above" if growth > 0 else "below"


def recommendation(row: Mapping[str, Any]) -> str:
    """What to do first."""
    if row["pipeline_health_score"] is None:
        return next(words for part, words in MISSING_ADVICE.items() if row[part] is None)
    part = weakest(row)
    if part != "overdue_score":
        return ADVICE[part]
    first = "Act on overdue opportunities now"
    if row["overdue_rate"] <= 0.3:
        first = "Go through the overdue opportunities"
    return f"{first}, owner by owner: close them or agree on a new close date."
