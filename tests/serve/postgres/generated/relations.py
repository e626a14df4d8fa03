"""What a SELECT gives, and what is known of its columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from serve.postgres.generated.counted_metrics import Use
    from serve.postgres.generated.market_terms import Condition, Term

Value = Any
Row = tuple[Value, ...]


@dataclass
class Relation:
    """What a SELECT gives.

    Attributes:
        sql: The SELECT.
        names: Its columns.
        terms: The kinds and samples of the columns that are group keys.
        metrics: The metric of a column, by its name; of a plain column none.
        answers: Its right rows; several where SQL may be read in several ways, none where any
            answer would be wrong.
        keys: What each key is of an order, while it can be asked anew.
        facts: What an order must be, as long as it can be asked anew.
        is_bare: Whether it has no GROUP BY.
    """

    sql: str
    names: list[str]
    terms: dict[str, Term]
    metrics: dict[str, Use]
    answers: list[list[Row]]
    keys: dict[str, Callable[[Any], Value]] | None = None
    facts: list[Condition] = field(default_factory=list)
    is_bare: bool = False
    is_ordered: bool = False
