"""Row filters, and the scope of rows that an answer is computed from, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.query.filters.filter_tree import Value


def _typed(value: Value) -> tuple[str, str]:
    """Tell 1 from true, which Python takes for equal."""
    return type(value).__name__, str(value)


@dataclass(frozen=True)
class RowFilter:
    """Rows of which a dimension or an entity has one of some values; rows without value are none.

    Attributes:
        dimension: What is compared, such as `owner__team`.
        values: What it may be; at least one.
    """

    dimension: str
    values: tuple[Value, ...] = field(compare=False)
    _same: tuple[tuple[str, str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Put the values in one order, each once."""
        found = {_typed(value): value for value in self.values}
        ordered = sorted(found, key=lambda key: (isinstance(found[key], str), key))
        object.__setattr__(self, "values", tuple(found[key] for key in ordered))
        object.__setattr__(self, "_same", tuple(sorted(found)))

    @property
    def texts(self) -> int:
        """How many of the values are texts; they come last."""
        return sum(isinstance(value, str) for value in self.values)

    @property
    def order(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """What filters are sorted by."""
        return self.dimension, self._same


@dataclass(frozen=True)
class Rows:
    """The rows for which all filters of at least one alternative hold.

    Attributes:
        any_of: The alternatives; one without filters shows every row, none at all shows no row.
    """

    any_of: tuple[tuple[RowFilter, ...], ...]

    @property
    def values(self) -> tuple[Value, ...]:
        """What the filters compare with, in the order in which it is rendered."""
        return tuple(value for filters in self.any_of for one in filters for value in one.values)

    @property
    def shape(self) -> tuple[tuple[tuple[str, int, int], ...], ...]:
        """The same for all whose SQL differs in nothing but `values`."""
        return tuple(
            tuple((one.dimension, len(one.values), one.texts) for one in filters)
            for filters in self.any_of
        )

    @property
    def is_every_row(self) -> bool:
        """Whether nothing is hidden."""
        return self == EVERY_ROW

    def __str__(self) -> str:
        """Say in words which rows they are."""
        if self.is_every_row:
            return "all rows"
        alternatives = [
            " and ".join(f"{one.dimension} in {', '.join(map(str, one.values))}" for one in filters)
            for filters in self.any_of
        ]
        return " or ".join(alternatives) or "no rows"


EVERY_ROW = Rows(((),))
NO_ROW = Rows(())


def union(parts: Iterable[Rows]) -> Rows:
    """Give the rows that at least one of the parts shows."""
    filters = {
        tuple(sorted(set(one), key=lambda item: item.order))
        for rows in parts
        for one in rows.any_of
    }
    if () in filters:
        return EVERY_ROW
    return Rows(tuple(sorted(filters, key=lambda one: [item.order for item in one])))


@dataclass(frozen=True)
class Scope:
    """The rows that an answer is computed from.

    Attributes:
        rows: The rows.
        has_metrics: Whether metrics are requested. If so, dimensions are met only from rows of
            measures, which are the ones that are filtered. If not, each table counts by itself.
    """

    rows: Rows
    has_metrics: bool = True

    @property
    def is_everything(self) -> bool:
        """Whether nothing is hidden."""
        return self.rows.is_every_row
