"""How the rows of one group become one number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oracle.pipeline.dimensions import Fact

Number = Decimal | float
Reduction = Callable[[Sequence["Fact"]], Any]
Keep = Callable[["Fact"], bool]


def everything(_: Fact) -> bool:
    return True


def holds(column: str) -> Callable[[Fact], bool]:
    """Keep the rows where a boolean column is true."""
    return lambda fact: bool(fact[column])


def ratio(above: Number | None, below: Number | None) -> float | None:
    """A ratio is NULL only when its denominator is 0 or empty (or a part is NULL)."""
    if above is None or below is None or below == 0:
        return None
    return float(above) / float(below)


def count(keep: Keep = everything) -> Reduction:
    """How many rows; 0 where a group has rows but none to keep."""
    return lambda facts: sum(1 for fact in facts if keep(fact))


def distinct(facts: Sequence[Fact], keep: Keep = everything) -> int:
    """How many different opportunities."""
    return len({fact["opportunity"] for fact in facts if keep(fact)})


def total(column: str, keep: Keep = everything) -> Reduction:
    """The sum; NULLs count nothing, and a group without a value gives 0."""
    return lambda facts: sum(
        (fact[column] for fact in facts if keep(fact) and fact[column] is not None), Decimal(0)
    )


def share(keep: Keep) -> Reduction:
    """The share of the rows to keep."""
    return lambda facts: ratio(count(keep)(facts), len(facts))


def share_of_total(column: str, keep: Keep) -> Reduction:
    """The share of a column's sum that the rows to keep have."""
    return lambda facts: ratio(total(column, keep)(facts), total(column)(facts))


def distinct_share(keep: Keep) -> Reduction:
    """The share of the different opportunities."""
    return lambda facts: ratio(distinct(facts, keep), distinct(facts))


def _values(facts: Sequence[Fact], column: str, keep: Keep) -> list[Number]:
    return sorted(fact[column] for fact in facts if keep(fact) and fact[column] is not None)


def mean(column: str, keep: Keep = everything) -> Reduction:
    """The average of the rows that have a value; NULL without any."""

    def reduced(facts: Sequence[Fact]) -> float | None:
        values = _values(facts, column, keep)
        return ratio(sum(values), len(values))

    return reduced


def percentile(column: str, part: float, keep: Keep = everything) -> Reduction:
    """The continuous percentile: between two values, in proportion."""

    def reduced(facts: Sequence[Fact]) -> float | None:
        values = [float(value) for value in _values(facts, column, keep)]
        if not values:
            return None
        place = part * (len(values) - 1)
        below = int(place)
        above = min(below + 1, len(values) - 1)
        return values[below] + (values[above] - values[below]) * (place - below)

    return reduced
