"""The filters of Cube's queries as JSON: conditions on members, in nested `and` and `or`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from metrics_store.errors import LimitExceededError
from metrics_store.query.filters.filter_errors import rejected
from metrics_store.query.filters.filter_tree import Operator, all_of, any_of
from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from metrics_store.errors import MetricsStoreError
    from metrics_store.query.filters.filter_tree import Filter

_DEEPEST = 20
_MOST = 1_000
_KEYS = frozenset({"member", "dimension", "operator", "values"})
_WITHOUT_VALUES = ("set", "notSet", "measureFilter")
EQUALITIES = ("equals", "notEquals", "in", "notIn")
# What stands before and after the text.
PATTERNS = {
    "contains": ("%", "%"),
    "notContains": ("%", "%"),
    "startsWith": ("", "%"),
    "notStartsWith": ("", "%"),
    "endsWith": ("%", ""),
    "notEndsWith": ("%", ""),
}
ORDERINGS = {
    "gt": Operator.GREATER,
    "gte": Operator.GREATER_OR_EQUAL,
    "lt": Operator.LESS,
    "lte": Operator.LESS_OR_EQUAL,
}
# Ranges have none.
DATE_OPERATORS: dict[str, Operator | None] = {
    "inDateRange": None,
    "notInDateRange": None,
    "onTheDate": None,
    "beforeDate": Operator.LESS,
    "beforeOrOnDate": Operator.LESS_OR_EQUAL,
    "afterDate": Operator.GREATER,
    "afterOrOnDate": Operator.GREATER_OR_EQUAL,
}
OPERATORS = (*EQUALITIES, *PATTERNS, *ORDERINGS, *DATE_OPERATORS, *_WITHOUT_VALUES)


@dataclass(frozen=True)
class MemberCondition:
    """A condition on one member.

    Attributes:
        member: The member's name.
        operator: One of Cube's operators.
        values: What it is compared with: texts, numbers, true or false; null is what has no value.
    """

    member: str
    operator: str
    values: tuple[object, ...] = ()

    def only_value(self) -> object:
        """Give the one value.

        Raises:
            MetricsStoreError: There are several, or it is null.
        """
        if len(self.values) != 1 or self.values[0] is None:
            raise self.rejected(f"{self.operator} takes one value", str(len(self.values)))
        return self.values[0]

    def rejected(self, what: str, given: str, expected: str = "") -> MetricsStoreError:
        """Give the error for this condition."""
        return rejected(what, f"{self.member} {self.operator}: {given}", expected=expected)


@dataclass(frozen=True)
class Group:
    """Conditions of which all must hold, or one.

    Attributes:
        every: Whether all must hold.
        parts: The conditions.
    """

    every: bool
    parts: tuple[Group | MemberCondition, ...]

    def conditions(self) -> Iterator[MemberCondition]:
        """Give all conditions in it."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.conditions()
            else:
                yield part

    def tree(self, condition: Callable[[MemberCondition], Filter]) -> Filter:
        """Give it as a filter."""
        parts = [
            part.tree(condition) if isinstance(part, Group) else condition(part)
            for part in self.parts
        ]
        return all_of(parts) if self.every else any_of(parts)


def read_filters(given: list[object]) -> Group:
    """Understand the filters of a query, all of which hold.

    Raises:
        MetricsStoreError: One is of another form, or they are too many or too deeply nested.
    """
    found = Group(every=True, parts=tuple(_read(one, 1) for one in given))
    if sum(1 + len(one.values) for one in found.conditions()) > _MOST:
        raise LimitExceededError(
            "there are too many filters", expected=f"at most {_MOST:,} conditions and values"
        )
    return found


def _read(given: object, depth: int) -> Group | MemberCondition:
    if depth > _DEEPEST:
        raise rejected("a filter is nested too deeply", expected=f"at most {_DEEPEST} times")
    if not isinstance(given, dict):
        raise _no_filter(given)
    if len(given) == 1 and (word := next(iter(given))) in ("and", "or"):
        parts = given[word]
        if not isinstance(parts, list) or len(parts) > _MOST or (word == "or" and not parts):
            raise _no_filter(given)
        return Group(word == "and", tuple(_read(one, depth + 1) for one in parts))
    return _condition(given)


def _condition(given: dict[object, object]) -> MemberCondition:
    unknown = [key for key in given if key not in _KEYS]
    member = given.get("member", given.get("dimension"))
    operator = given.get("operator")
    if unknown or ("member" in given) == ("dimension" in given):
        raise _no_filter(given)
    if not isinstance(member, str) or not isinstance(operator, str):
        raise _no_filter(given)
    if operator not in OPERATORS:
        raise unknown_name("there is no such operator", operator, OPERATORS, "docs/cube.md has all")
    values = given.get("values")
    if values is None:
        values = []
    if not isinstance(values, list) or not all(map(_is_value, values)):
        raise _no_filter(given)
    if operator in _WITHOUT_VALUES:
        return MemberCondition(member, operator)
    if not values:
        raise rejected(f"{operator} needs values", member, expected='such as "values": ["paid"]')
    return MemberCondition(member, operator, tuple(values))


def _is_value(given: object) -> bool:
    return given is None or isinstance(given, str | bool | int | Decimal)


def _no_filter(given: object) -> MetricsStoreError:
    return rejected(
        "a filter is of another form",
        _shown(given),
        expected='{"member": "orders.order__status", "operator": "equals", "values": ["paid"]}, '
        'or {"or": [...]} and {"and": [...]} of such',
    )


def _shown(given: object) -> str:
    """Give the keys of an object, which say what it is; its values may be large."""
    return (
        ", ".join(str(one)[:40] for one in given) if isinstance(given, dict) else repr(given)[:80]
    )
