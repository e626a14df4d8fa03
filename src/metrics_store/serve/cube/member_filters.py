"""Cube's filters as a typed tree: each operator means what it means in Cube, NULL included."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from metrics_store.query.filters.filter_tree import (
    Applied,
    Comparison,
    Constant,
    Filter,
    Function,
    Kind,
    Membership,
    Missing,
    Name,
    Operator,
    Pattern,
    all_of,
    any_of,
    negated,
)
from metrics_store.query.filters.letter_case import lower
from metrics_store.query.periods import GRAINS, is_longer_than_day
from metrics_store.serve.cube.cubes import BOOLEAN, NUMBER, TEXT, TIME
from metrics_store.serve.cube.forms.cube_ranges import read_moment, read_range
from metrics_store.serve.cube.forms.filter_form import (
    DATE_OPERATORS,
    ORDERINGS,
    PATTERNS,
    MemberCondition,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metrics_store.query.filters.filter_tree import Term, Value
    from metrics_store.query.selects.tables.metric_tables import DimensionColumn
    from metrics_store.serve.cube.cubes import Cubes, Member
    from metrics_store.serve.cube.forms.cube_ranges import Dated, DateRange, Moment

_PARTS = {
    "year": Function.YEAR,
    "quarter": Function.QUARTER,
    "month": Function.MONTH,
    "day": Function.DAY,
    "dow": Function.ISO_DAY_OF_WEEK,
    "doy": Function.DAY_OF_YEAR,
}
_LOGICAL = {"true": True, "1": True, "false": False, "0": False}
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_DIGITS = 38
_LAST_MOMENT = dt.time(23, 59, 59, 999_999)


@dataclass(frozen=True)
class MemberFilters:
    """Makes the conditions of one query.

    Attributes:
        cubes: The cubes.
        metrics: All metrics of the query, those in its filters too.
        measures: The metrics that the query asks for.
        dated: Gives a request with the days of its period.
    """

    cubes: Cubes
    metrics: Sequence[str]
    measures: Sequence[str]
    dated: Dated

    def within(self, column: DimensionColumn, found: DateRange) -> Filter:
        """Give what holds for times within a range, both of whose ends count."""
        return all_of(
            (
                self._compared(column, Operator.GREATER_OR_EQUAL, found.first),
                self._compared(column, Operator.LESS_OR_EQUAL, found.last),
            )
        )

    def condition(self, given: MemberCondition, member: Member) -> Filter:
        """Give the condition that an operator is on a member.

        Raises:
            MetricsStoreError: The member has no such operator, or its values are of another kind.
        """
        operator = given.operator
        if operator == "measureFilter":
            return self._measure_filter(given, member)
        term = self._term(member)
        if operator in ("set", "notSet"):
            missing = Missing(term)
            return missing if operator == "notSet" else negated(missing)
        if operator in DATE_OPERATORS:
            return self._dates(given, member)
        if operator in PATTERNS:
            return self._texts(given, member, term)
        if operator in ORDERINGS:
            return self._ordered(given, member, term)
        return self._equal(given, member, term)

    def _term(self, member: Member) -> Term:
        """Give what is compared."""
        if member.measure is not None:
            return Name(member.measure.name)
        column = member.dimension()
        if column.part is not None:
            return Applied(_PARTS[column.part], Name(column.path, Kind.TIME_DIMENSION))
        if column.is_time:
            # What is NULL by one grain is NULL by all.
            return Name(column.path, Kind.TIME_DIMENSION, self._grain(column))
        # A name that is a metric's too would be the metric's value.
        return Name(
            column.path, Kind.DIMENSION if column.path in self.metrics else Kind.UNSPECIFIED
        )

    def _grain(self, column: DimensionColumn) -> str:
        return column.grain or self.cubes.finest_grain(column, self.metrics)

    # equals, notEquals, in, notIn

    def _equal(self, given: MemberCondition, member: Member, term: Term) -> Filter:
        values = [self._value(given, member, one) for one in given.values if one is not None]
        parts: list[Filter] = []
        if len(values) == 1:
            parts.append(Comparison(term, Operator.EQUAL, values[0]))
        elif values:
            parts.append(Membership(term, tuple(values)))
        return _with_missing(given, term, parts, isnt=given.operator in ("notEquals", "notIn"))

    def _value(self, given: MemberCondition, member: Member, value: object) -> Value:
        text = _text_of(value)
        if member.type == NUMBER:
            return _number(given, text)
        if member.type == TIME:
            return self._moment(member.dimension(), read_moment(text))
        if member.type != BOOLEAN:
            return text
        if text.lower() not in _LOGICAL:
            raise given.rejected("true and false are compared with something else", text)
        return _LOGICAL[text.lower()]

    def _moment(self, column: DimensionColumn, moment: Moment) -> Moment:
        """Give a day as the moment of its start where a time has moments."""
        if not column.grains and not isinstance(moment, dt.datetime):
            return dt.datetime.combine(moment, dt.time())
        return moment

    # contains, startsWith, endsWith and their opposites

    def _texts(self, given: MemberCondition, member: Member, term: Term) -> Filter:
        if member.type != TEXT:
            raise given.rejected(f"{given.operator} is for texts, and this is none", member.type)
        before, after = PATTERNS[given.operator]
        texts = [lower(_text_of(one)) for one in given.values if one is not None]
        folded = Applied(Function.LOWER, term)
        parts: list[Filter] = [
            Pattern(folded, f"{before}{_plain(text)}{after}", escaped=True) for text in texts
        ]
        return _with_missing(given, term, parts, isnt=given.operator.startswith("not"))

    # gt, gte, lt, lte

    def _ordered(self, given: MemberCondition, member: Member, term: Term) -> Filter:
        value = given.only_value()
        operator = ORDERINGS[given.operator]
        if member.type == TIME:
            return self._compared(
                member.dimension(), operator, read_moment(_text_of(value)), exactly=True
            )
        if member.type != NUMBER:
            raise given.rejected(
                f"{given.operator} is for numbers and times, and this is none", member.type
            )
        return Comparison(term, operator, _number(given, _text_of(value)))

    # inDateRange, notInDateRange, onTheDate, beforeDate, beforeOrOnDate, afterDate, afterOrOnDate

    def _dates(self, given: MemberCondition, member: Member) -> Filter:
        if member.type != TIME:
            raise given.rejected(f"{given.operator} is for times, and this is none", member.type)
        column = member.dimension()
        texts = [_text_of(one) for one in given.values if one is not None]
        operator = DATE_OPERATORS[given.operator]
        if operator is None:
            if not 1 <= len(texts) <= 2 or len(texts) != len(given.values):  # noqa: PLR2004 - two ends
                raise given.rejected(f"{given.operator} takes one or two dates", str(len(texts)))
            found = read_range(texts, self.dated)
            if given.operator != "notInDateRange":
                return self.within(column, found)
            return any_of(
                (
                    self._compared(column, Operator.LESS, found.first),
                    self._compared(column, Operator.GREATER, found.last),
                )
            )
        text = _text_of(given.only_value())
        found = read_range([text], self.dated)
        # A day is the whole of it: before it is before its start, after it is after its end.
        is_end = operator in (Operator.GREATER, Operator.LESS_OR_EQUAL)
        return self._compared(column, operator, found.last if is_end else found.first)

    def _compared(
        self,
        column: DimensionColumn,
        operator: Operator,
        moment: Moment,
        *,
        exactly: bool = False,
    ) -> Filter:
        """Compare a time; a day is the whole of it, or exactly its start."""
        is_day = not isinstance(moment, dt.datetime)
        if not column.grains:
            is_end = operator in (Operator.GREATER, Operator.LESS_OR_EQUAL) and not exactly
            if is_day:
                moment = dt.datetime.combine(moment, _LAST_MOMENT if is_end else dt.time())
            return Comparison(Name(column.path), operator, moment)
        finest = self._grain(column)
        day = finest if column.grain or is_longer_than_day(finest) else GRAINS[0]
        grain = day if is_day and not exactly else finest
        return Comparison(Name(column.path, Kind.TIME_DIMENSION, grain), operator, moment)

    def _measure_filter(self, given: MemberCondition, member: Member) -> Filter:
        """Take the conditions of a metric for met where it is all that is asked.

        Cube's clients send this beside a drill-down. A metric has its conditions within itself.
        """
        measure = member.measure
        if measure is None or list(self.measures) != [measure.name]:
            raise given.rejected(
                "the conditions of a metric hold for itself alone",
                member.name,
                expected="the metric as the only measure of the query",
            )
        return Constant(holds=True)


def _with_missing(
    given: MemberCondition, term: Term, parts: Iterable[Filter], *, isnt: bool
) -> Filter:
    """Give what holds for one of some conditions, or for none of them, with Cube's rule of NULL.

    A null among the values is what has no value. What is none of the values has no value too,
    unless null is one of them.
    """
    has_null = any(one is None for one in given.values)
    found = any_of(parts)
    missing = Missing(term)
    if not isnt:
        return any_of((found, missing)) if has_null else found
    others = negated(found)
    return all_of((others, negated(missing))) if has_null else any_of((others, missing))


def _text_of(value: object) -> str:
    """Give a value as Cube's values are: texts."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal) and abs(value.adjusted()) <= _DIGITS:
        return format(value.normalize(), "f")
    return str(value)


def _number(given: MemberCondition, text: str) -> Decimal | int:
    if not _NUMBER.fullmatch(text.strip()):
        raise given.rejected("a number is compared with something else", text)
    found = Decimal(text.strip())
    return int(found) if text.strip().lstrip("+-").isdigit() else found


def _plain(text: str) -> str:
    """Give a text whose signs are all plain in an escaped pattern."""
    return "".join(f"!{sign}" if sign in "!%_" else sign for sign in text)
