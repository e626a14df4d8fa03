"""The typed tree of a filter; there is no node for what filters cannot express."""

from __future__ import annotations

import datetime as dt
import enum
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from metrics_store.query.filters.filter_errors import rejected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True)
class Marker:
    """The place of a value that is put into the SQL later.

    Attributes:
        label: Which value it is: letters, then a number.
    """

    label: str


def marker_text(label: str) -> str:
    """Give what stands in SQL for a marker: no name may have two underscores and this number."""
    return f"__literal_7c1f9e04_{label}__"


Value = str | int | Decimal | bool | dt.date | dt.datetime | Marker

_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
# Both engines hold integers and decimals of so many digits.
_DIGITS = 38


class Kind(enum.Enum):
    """What a name in a filter is; `UNSPECIFIED` for plain names without braces."""

    DIMENSION = "dimension"
    TIME_DIMENSION = "time_dimension"
    ENTITY = "entity"
    METRIC = "metric"
    UNSPECIFIED = "name"


class Operator(enum.Enum):
    """How a name is compared with a value."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


@dataclass(frozen=True)
class Name:
    """A dimension, a time dimension, an entity, or a metric worked out for each of some entities.

    Attributes:
        path: Its name with the entities that lead to it, such as `owner__team`.
        kind: What it is said to be.
        grain: The grain of a time dimension, where one is said.
        group_by: The entities that a metric is worked out for; none for all else.
        compared: Of a time in a checked filter, the grain of what it may be compared with.

    Raises:
        MetricsStoreError: The name or the grain has other characters than names have.
    """

    path: str
    kind: Kind = Kind.UNSPECIFIED
    grain: str | None = None
    group_by: tuple[str, ...] = ()
    compared: str = ""

    def __post_init__(self) -> None:
        """Reject what is no name."""
        if (self.kind is Kind.METRIC) != bool(self.group_by):
            raise rejected(
                "a metric in a filter needs entities to be worked out for, and only a metric",
                self.path,
                expected="such as Metric('revenue', ['account'])",
            )
        for part in (self.path, self.grain, *self.group_by):
            if part is not None and not _NAME.fullmatch(part):
                raise rejected(
                    "a name in a filter has characters that names do not have",
                    part or "an empty name",
                    expected="lower-case letters, digits and underscores",
                )

    def __str__(self) -> str:
        """Give the name as people write it, as in `metric_time__month`."""
        if self.group_by:
            return f"{self.path} by {', '.join(self.group_by)}"
        return f"{self.path}__{self.grain}" if self.grain else self.path


class Function(enum.Enum):
    """A function of a name before it is compared; each means the same on every engine."""

    LOWER = "lower"
    UPPER = "upper"
    # Without the spaces, and nothing but spaces, at both ends.
    TRIM = "trim"
    TEXT = "text"
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    # Of ISO 8601: it begins on Monday, and the first one has the year's first Thursday.
    WEEK = "week"
    DAY = "day"
    DAY_OF_YEAR = "day_of_year"
    # 0 is Sunday.
    DAY_OF_WEEK = "day_of_week"
    # 1 is Monday, 7 Sunday.
    ISO_DAY_OF_WEEK = "iso_day_of_week"

    @property
    def gives_text(self) -> bool:
        """Whether it takes what is no time and gives a text; all others make numbers of times."""
        return self in _OF_TEXTS


_OF_TEXTS = frozenset({Function.LOWER, Function.UPPER, Function.TRIM, Function.TEXT})
# None of them means anything when it is done so often; engines reject a thousand.
_MOST_STEPS = 8


@dataclass(frozen=True)
class Applied:
    """A function of a term."""

    function: Function
    term: Term

    def __post_init__(self) -> None:
        """Reject what is nested too deeply."""
        _check_steps(self)

    def __str__(self) -> str:
        """Give it as people write it, as in `lower(owner__team)`."""
        return f"{self.function.value}({self.term})"


@dataclass(frozen=True)
class Default:
    """A term, or a value where it has none."""

    term: Term
    value: Value

    def __post_init__(self) -> None:
        """Reject what is nested too deeply, and a value that no engine holds."""
        _check_steps(self)
        check_value(self.value)

    def __str__(self) -> str:
        """Give it as people write it."""
        return f"coalesce({self.term}, ...)"


Term = Name | Applied | Default


def name_of(term: Term) -> Name:
    """Give the name within a term."""
    while not isinstance(term, Name):
        term = term.term
    return term


def _check_steps(term: Term) -> None:
    steps, inner = 0, term
    while not isinstance(inner, Name):
        steps, inner = steps + 1, inner.term
    if steps > _MOST_STEPS:
        raise rejected("a filter has too many functions in one another", expected=str(_MOST_STEPS))


@dataclass(frozen=True)
class Comparison:
    """A term compared with one value."""

    term: Term
    operator: Operator
    value: Value

    def __post_init__(self) -> None:
        """Reject a value that no engine holds."""
        check_value(self.value)


@dataclass(frozen=True)
class Membership:
    """A term is one of several values."""

    term: Term
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        """Reject an empty list, and values that no engine holds."""
        if not self.values:
            raise rejected("IN needs at least one value", str(self.term))
        for value in self.values:
            check_value(value)


@dataclass(frozen=True)
class Range:
    """A term lies between two values, both of them counted in."""

    term: Term
    low: Value
    high: Value

    def __post_init__(self) -> None:
        """Reject values that no engine holds."""
        check_value(self.low)
        check_value(self.high)


@dataclass(frozen=True)
class Pattern:
    """A text fits a pattern, in which % is any text and _ any character.

    Attributes:
        term: The text.
        pattern: The pattern.
        escaped: Whether a `!` makes the next character a plain one; else nothing is an escape.
    """

    term: Term
    pattern: str | Marker
    escaped: bool = False

    def __post_init__(self) -> None:
        """Reject a text that no engine holds."""
        check_value(self.pattern)


@dataclass(frozen=True)
class Missing:
    """A term has no value."""

    term: Term


@dataclass(frozen=True)
class Truth:
    """A boolean dimension is true."""

    term: Term


@dataclass(frozen=True)
class Constant:
    """What holds for every row, or for none; it stands alone, never within another filter."""

    holds: bool


@dataclass(frozen=True)
class All:
    """Every part holds."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True)
class Any:
    """At least one part holds."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold; as in SQL, neither does it for what has no value."""

    part: Filter


Predicate = Comparison | Membership | Range | Pattern | Missing | Truth
Filter = Predicate | All | Any | Not | Constant


def all_of(parts: Iterable[Filter]) -> Filter:
    """Give what holds where every part does; constants among the parts are worked out."""
    rest = tuple(part for part in parts if part != Constant(holds=True))
    if Constant(holds=False) in rest:
        return Constant(holds=False)
    return (rest[0] if len(rest) == 1 else All(rest)) if rest else Constant(holds=True)


def conjuncts(tree: Filter) -> Iterator[Filter]:
    """Give the parts that must all hold: what `all_of` joins, taken apart."""
    if isinstance(tree, All):
        for part in tree.parts:
            yield from conjuncts(part)
    else:
        yield tree


def any_of(parts: Iterable[Filter]) -> Filter:
    """Give what holds where some part does; constants among the parts are worked out."""
    rest = tuple(part for part in parts if part != Constant(holds=False))
    if Constant(holds=True) in rest:
        return Constant(holds=True)
    return (rest[0] if len(rest) == 1 else Any(rest)) if rest else Constant(holds=False)


def negated(part: Filter) -> Filter:
    """Give what holds where the part does not."""
    return Constant(not part.holds) if isinstance(part, Constant) else Not(part)


def check_value(value: Value) -> None:
    """Reject a value that an engine cannot hold.

    Raises:
        MetricsStoreError: A text has a character that is none, or a number too many digits.
    """
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise rejected("a text in a filter has a character that no text can have", repr(value))
    elif isinstance(value, Decimal):
        # Asked before it is written out, which for 1e999999999 would take all memory.
        if not value.is_finite() or max(abs(value.adjusted()), len(value.as_tuple().digits)) > (
            _DIGITS - 1
        ):
            raise rejected("a number in a filter has too many digits", str(value)[:_DIGITS])
    elif isinstance(value, dt.datetime):
        if value.tzinfo is not None:
            raise rejected(
                "a time in a filter has a zone",
                value.isoformat(),
                expected="a time in UTC, written without zone",
            )
    elif isinstance(value, int) and abs(value) >= 10 ** (_DIGITS - 1):
        raise rejected("a number in a filter has too many digits", hex(value)[:_DIGITS])
