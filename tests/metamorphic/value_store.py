"""A store asked for one metric or several, as values by group."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus.answers import Value, plain
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from metrics_store.client.connection import Connection

Group = tuple[Value, ...]
Values = dict[Group, Value]


class Refused(Exception):  # noqa: N818 - no error: a question may be refused
    """The store refuses the question."""


@dataclass
class Store:
    """A connection that is asked every question once.

    Attributes:
        connection: The metrics.
        times_are_known: Whether every row lies in a period.
        wrong: What no answer may have, and one had.
    """

    connection: Connection
    times_are_known: bool = True
    wrong: list[str] = field(default_factory=list)
    _known: dict[str, dict[str, Values] | Exception] = field(default_factory=dict)

    def ask(self, metric: str, group_by: tuple[str, ...] = (), **asked: Any) -> Values:  # noqa: ANN401
        """Give the values of a metric by its groups.

        Raises:
            Refused: The store refuses.
        """
        return self.ask_together((metric,), group_by, **asked)[metric]

    def ask_together(
        self,
        metrics: tuple[str, ...],
        group_by: tuple[str, ...] = (),
        **asked: Any,  # noqa: ANN401
    ) -> dict[str, Values]:
        """Give the values of each of several metrics, asked together.

        Raises:
            Refused: The store refuses.
        """
        question = repr((metrics, group_by, sorted(asked.items())))
        if question not in self._known:
            try:
                self._known[question] = self._answer(question, metrics, group_by, asked)
            except MetricsStoreError as error:
                self._known[question] = Refused(f"{question}: {error}")
            except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
                self.wrong.append(f"{question}: {type(error).__name__}: {error}"[:500])
                self._known[question] = Refused(question)
        found = self._known[question]
        if isinstance(found, Exception):
            raise found
        return found

    def _answer(
        self,
        question: str,
        metrics: tuple[str, ...],
        group_by: tuple[str, ...],
        asked: dict[str, Any],
    ) -> dict[str, Values]:
        named = {} if "saved_query" in asked else {"metrics": list(metrics), "group_by": group_by}
        table = self.connection.query(**named, **asked).table
        rows = [tuple(map(plain, row.values())) for row in table.to_pylist()]
        width = len(table.column_names) - len(metrics)
        groups = [row[:width] for row in rows]
        if len(set(groups)) < len(groups):
            self.wrong.append(f"{question}: a group has several rows")
        if self.times_are_known and any(
            name.startswith("metric_time") and group[place] is None
            for group in groups
            for place, name in enumerate(table.column_names[:width])
        ):
            self.wrong.append(f"{question}: a row lies in no period")
        return {
            metric: dict(zip(groups, (row[width + place] for row in rows), strict=True))
            for place, metric in enumerate(metrics)
        }


def known(values: Values) -> Values:
    """Leave out what has no value: a group without rows may be there or not."""
    return {group: value for group, value in values.items() if value is not None}


def difference(found: Values, right: Values) -> str | None:
    """Say how values differ, beyond the last digits; none where they are the same."""
    for group in sorted(found.keys() | right.keys(), key=repr):
        pair = found.get(group, "no row"), right.get(group, "no row")
        if not _same(*pair):
            return f"at {group}: {pair[0]}, not {pair[1]}"
    return None


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other


def literal(value: Value) -> str:
    """Write a value as filters take it."""
    if isinstance(value, bool | float):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def equals(name: str, value: Value) -> str:
    """Write the filter that leaves one value of a dimension."""
    return f"{name} is null" if value is None else f"{name} = {literal(value)}"
