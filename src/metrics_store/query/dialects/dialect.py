"""A dialect: how one engine writes what stands in all plans."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.query.dialects.keywords import MORE_KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Mapping

# Parts of times by the words of filters.
PARTS = {
    "year": "EXTRACT(YEAR FROM {})",
    "quarter": "EXTRACT(QUARTER FROM {})",
    "month": "EXTRACT(MONTH FROM {})",
    "week": "EXTRACT(WEEK FROM {})",
    "day": "EXTRACT(DAY FROM {})",
    "day_of_year": "EXTRACT(DOY FROM {})",
    "day_of_week": "EXTRACT(DOW FROM {})",
    "iso_day_of_week": "EXTRACT(ISODOW FROM {})",
}
# Some engines read a backslash as an escape; a template reads braces, and # and % beside them.
SPECIAL = frozenset("\\{}#%")


class Folding(enum.Enum):
    """How texts are written in small or capital letters."""

    # By the engine's own functions.
    OWN = enum.auto()
    # By a table: its functions fold by a locale, of which "C" is known.
    LOCALE = enum.auto()
    # By a table, since its functions make two letters of one.
    WHOLE_WORDS = enum.auto()


@dataclass(frozen=True)
class Dialect:
    """What of an engine's SQL is its own.

    Attributes:
        name: The dbt adapter.
        quote: What encloses a name.
        keywords: The names that are enclosed.
        text_type: The type of texts of any length.
        ordered_type: The same where texts are put into an order.
        collation: What has texts compared byte by byte, where they are not by themselves.
        double_type: The type of doubles.
        timestamp_type: The type of times without a zone, to the microsecond.
        special: Characters that do not stand in a literal as they are.
        character: A character by its number, as a form.
        has_escapes: Whether a backslash in a literal is an escape.
        parts: Parts of times by the words of filters, as forms.
        trimmed: A text without the spaces at its ends, as a form.
        folding: How letters become small or capital ones.
        like: A text that fits a pattern in which nothing is an escape, as a form.
        escaped_like: A text that fits a pattern in which `!` is one, as a form.
        inlined: What keeps the rows of a common table expression from being stored.
        is_tolerant: Whether a value that cannot be compared can count as missing.
        has_fast_plans: Whether plans are made faster, and roll-ups read, in its SQL.
    """

    name: str
    quote: str = '"'
    keywords: frozenset[str] = MORE_KEYWORDS
    text_type: str = "VARCHAR"
    ordered_type: str = ""
    collation: str = ""
    double_type: str = "DOUBLE PRECISION"
    timestamp_type: str = "TIMESTAMP"
    special: frozenset[str] = SPECIAL
    character: str = "CHR({0})"
    has_escapes: bool = False
    parts: Mapping[str, str] = field(default_factory=lambda: PARTS)
    trimmed: str = "TRIM(BOTH ' ' FROM {})"
    folding: Folding = Folding.OWN
    like: str = "{text} LIKE REPLACE({pattern}, '!', '!!') ESCAPE '!'"
    escaped_like: str = "{text} LIKE {pattern} ESCAPE '!'"
    inlined: str = ""
    is_tolerant: bool = False
    has_fast_plans: bool = False

    @property
    def literal(self) -> str:
        """The pattern of a text in SQL, such as a project may have written."""
        if self.has_escapes:
            return r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.)*\""""
        return r"'(?:[^']|'')*'"

    def column(self, name: str) -> str:
        """Write the name of a column, in quotes where it is a word of SQL.

        All others stand as they are, which is how MetricFlow names what answers are made of: some
        engines keep those in capital letters.
        """
        return f"{self.quote}{name}{self.quote}" if name in self.keywords else name

    def is_plain(self, character: str) -> bool:
        """Whether a character stands in a literal as it is."""
        return character.isprintable() and character not in self.special

    def written(self, character: str) -> str:
        """Give the SQL of a character that does not stand in a literal as it is."""
        return self.character.format(ord(character), utf8=character.encode().hex())

    def in_text_order(self, column: str) -> tuple[str, str]:
        """Give what a column of any type is ordered by, first the one and then the other.

        Longer texts are greater, so that 10 is greater than 9. An empty text stands for NULL:
        engines differ in where they put it.
        """
        text = f"COALESCE(CAST({column} AS {self.ordered_type or self.text_type}), '')"
        return f"LENGTH({text})", f"{text}{self.collation}"
