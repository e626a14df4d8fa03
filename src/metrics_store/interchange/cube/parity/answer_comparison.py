"""Two answers to one question, compared value by value."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from metrics_store.interchange.cube.parity.parity_questions import ParityQuestion

Group = tuple[str | None, ...]
_CLOSE = 1e-9


@dataclass(frozen=True)
class Difference:
    """A value that differs.

    Attributes:
        question: What was asked.
        group: The group, as the engine's names with values; empty for a total.
        engine: This engine's value; None: none, or no row.
        cube: Cube's.
    """

    question: str
    group: str
    engine: float | None
    cube: float | None

    def __str__(self) -> str:
        """Say it in one line."""
        at = f" at {self.group}" if self.group else ""
        return f"{self.question}{at}: {_said(self.engine)} here, {_said(self.cube)} in Cube"


@dataclass(frozen=True)
class Comparison:
    """Compares the answers to a question.

    A group to which one side gives no value may be missing on the other: which groups without a
    value an answer has depends on what else is asked. So may one of 0, of a metric that says 0
    where there is nothing. Without groups a count of different values is 0 of no rows here, and
    nothing in Cube.

    Attributes:
        question: The question.
        filled: The metrics that say 0 where there is nothing.
        counted: The metrics that count different values.
    """

    question: ParityQuestion
    filled: frozenset[str]
    counted: frozenset[str]

    def differences(
        self, engine: Iterable[Mapping[str, Any]], cube: Iterable[Mapping[str, Any]]
    ) -> dict[str, list[Difference]]:
        """Give what differs, by metric; nothing for those that are equal in all groups."""
        here = list(engine)
        columns = [one.column for one in self.question.groupings]
        numbers = [_is_number(row[column] for row in here) for column in columns]
        own = {tuple(_plain(row[one]) for one in columns): row for row in here}
        keys = [one.key(self.question.view) for one in self.question.groupings]
        theirs = {
            tuple(
                _plain(row[key], as_number=number)
                for key, number in zip(keys, numbers, strict=True)
            ): row
            for row in cube
        }
        found: dict[str, list[Difference]] = {}
        for group in sorted({*own, *theirs}, key=str):
            for metric in self.question.metrics:
                one = _value(own.get(group, {}).get(metric))
                other = _value(theirs.get(group, {}).get(f"{self.question.view}.{metric}"))
                if not self._is_same(metric, one, other, both=group in own and group in theirs):
                    named = (
                        f"{column}={value}" for column, value in zip(columns, group, strict=True)
                    )
                    where = ", ".join(named)
                    words = self.question.in_words(metric)
                    found.setdefault(metric, []).append(Difference(words, where, one, other))
        return found

    def _is_same(self, metric: str, one: float | None, other: float | None, *, both: bool) -> bool:
        if one is None or other is None:
            if (known := other if one is None else one) is None:
                return True
            total = not self.question.groupings and metric in self.counted
            return known == 0 and (total or (metric in self.filled and not both))
        return math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE)


def _is_number(values: Iterable[object]) -> bool:
    known = [one for one in values if one is not None]
    kinds = int | float | Decimal
    return bool(known) and all(
        isinstance(one, kinds) and not isinstance(one, bool) for one in known
    )


def _plain(value: object, *, as_number: bool = False) -> str | None:
    """Give a value of a group as both sides say it."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case dt.datetime():
            return value.replace(tzinfo=None).isoformat(timespec="seconds")
        case dt.date():
            return f"{value:%Y-%m-%d}T00:00:00"
        case str() if not as_number:
            return _moment(value)
    return _number(str(value))


def _number(text: str) -> str:
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return text


def _moment(text: str) -> str:
    """Give a text as it is, and a time in the form of all."""
    try:
        return (
            dt.datetime.fromisoformat(text).isoformat(timespec="seconds") if "T" in text else text
        )
    except ValueError:
        return text


def _value(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, dt.date):
        return float(value.toordinal())
    found = float(str(value))
    return None if math.isnan(found) else found


def _said(value: float | None) -> str:
    return "nothing" if value is None else f"{value:.12g}"
