"""What a statement asks of the metrics, and the rows that take a metric table's place in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


@dataclass(frozen=True)
class Question:
    """One question; its conditions may hold what is known only when it is asked.

    Attributes:
        metrics: The metrics.
        group_by: What it groups by.
        conditions: What must hold, as SQL over the columns of the table.
        saved_query: A saved query, in place of metrics and group-bys.
    """

    metrics: tuple[str, ...]
    group_by: tuple[str, ...]
    conditions: tuple[exp.Expr, ...] = ()
    saved_query: str | None = None


@dataclass
class RowSource:
    """The questions whose rows, one set beside and under the other, are one relation.

    Attributes:
        name: What the statement calls it.
        table: The metric table that it stands for.
        types: Column -> its type in PostgreSQL.
        keys: The columns of groups, each with what it is grouped by.
        values: The columns of metrics, each with the metric and the number of its filter.
        filters: The filters of metrics, the first of them none.
        conditions: What must hold for all of them.
        sets: The keys that each grouping set has; one set where there are no grouping sets.
        flags: The columns that say of a row which set it is of: column -> key.
        is_empty: Whether no row is wanted.
        saved_query: The saved query that it is, whole.
        grains: The marks of grains that are known when it is asked, each with its SQL.
    """

    name: str
    table: str
    types: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    values: dict[str, tuple[str, int]] = field(default_factory=dict)
    filters: list[tuple[exp.Expr, ...]] = field(default_factory=lambda: [()])
    conditions: list[exp.Expr] = field(default_factory=list)
    sets: list[tuple[str, ...]] = field(default_factory=list)
    flags: dict[str, str] = field(default_factory=dict)
    is_empty: bool = False
    saved_query: str | None = None
    grains: dict[str, exp.Expr] = field(default_factory=dict)

    def key(self, group_by: str, kind: str) -> str:
        """Give the column of a group-by; a new one where there is none yet."""
        for column, known in self.keys.items():
            if known == group_by:
                return column
        column = f"g{len(self.keys)}"
        self.keys[column], self.types[column] = group_by, kind
        return column

    def grain(self, sql: exp.Expr) -> str:
        """Give the mark of a grain that is known when it is asked."""
        for mark, known in self.grains.items():
            if known == sql:
                return mark
        mark = f"?{len(self.grains)}"
        self.grains[mark] = sql
        return mark

    def value(self, metric: str, kind: str, where: tuple[exp.Expr, ...] = ()) -> str:
        """Give the column of a metric under a filter of its own."""
        if where not in self.filters:
            self.filters.append(where)
        wanted = (metric, self.filters.index(where))
        for column, known in self.values.items():
            if known == wanted:
                return column
        column = f"m{len(self.values)}"
        self.values[column], self.types[column] = wanted, kind
        return column

    def flag(self, key: str) -> str:
        """Give the column that is 1 in rows of the sets without a key."""
        column = f"f_{key}"
        self.flags[column], self.types[column] = key, "integer"
        return column

    def metrics(self, number: int) -> tuple[str, ...]:
        """Give the metrics under the filter of a number."""
        return tuple(name for name, of in self.values.values() if of == number)

    @property
    def all_conditions(self) -> list[exp.Expr]:
        """The conditions of all questions and of each."""
        return [*self.conditions, *(one for some in self.filters for one in some)]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the filters that are asked under.

        Where each metric has a filter, the groups are those of the metrics without one.
        """
        used = {number for _, number in self.values.values()}
        return sorted({0, *used} if self.keys or not used else used)

    def questions(self) -> list[tuple[tuple[str, ...], int, Question]]:
        """Give the questions: the keys of each, the number of its filter, and itself."""
        asked = []
        every = tuple(dict.fromkeys(name for name, _ in self.values.values()))
        for keys in self.sets or [tuple(self.keys)]:
            for number in self.numbers:
                # Without metrics it is the dimensions' values that are asked for.
                metrics = self.metrics(number)
                if number == 0 and (self.keys or not metrics):
                    # The groups are those that all metrics have without their filters.
                    metrics = tuple(dict.fromkeys((*metrics, *every)))
                group_by = tuple(self.keys[key] for key in keys)
                conditions = (*self.conditions, *self.filters[number])
                question = Question(metrics, group_by, conditions, self.saved_query)
                asked.append((keys, number, question))
        return asked
