"""The contract of a source: tables, columns, and the rules for their values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from metrics_store.load.contracts.data_types import DataType


@dataclass(frozen=True)
class Fit:
    """A text column must fit a type in the rows where other columns have certain values.

    Attributes:
        when: Pairs of column and value; a row counts where all of them hold.
        data_type: The type the text must fit there.
    """

    when: tuple[tuple[str, str], ...]
    data_type: DataType


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest number that a column may have; None where there is none."""

    minimum: Decimal | None = None
    maximum: Decimal | None = None

    @property
    def expected(self) -> str:
        """The bounds in words, for a message."""
        if self.minimum is None:
            return f"a number up to {self.maximum}"
        if self.maximum is None:
            return f"a number from {self.minimum} on"
        return f"a number from {self.minimum} to {self.maximum}"


@dataclass(frozen=True)
class KnownValues:
    """The values that a list of the project knows, and the file where people add to it."""

    values: tuple[str, ...]
    path: str


@dataclass(frozen=True)
class Column:
    """One column of a raw table.

    Attributes:
        name: Its name in the warehouse.
        data_type: Its type in the warehouse.
        not_null: Every row must have a value.
        unique: No value may stand twice.
        accepted_values: The only values it may have; None where any will do.
        optional: A file may lack the column; it is then NULL in every row.
        fits: Types that its text must fit in some rows.
        bounds: Between which numbers its values lie.
        known: The list in which its values stand; None where any will do.
        percent: A number that stands for so many of a hundred, and may have a sign that says so.
        without: What is empty where a file lacks the column, in words.
        also: Other names by which files know it, the first one first.
    """

    name: str
    data_type: DataType
    not_null: bool = False
    unique: bool = False
    accepted_values: tuple[str, ...] | None = None
    optional: bool = False
    fits: tuple[Fit, ...] = ()
    bounds: Bounds = Bounds()
    known: KnownValues | None = None
    percent: bool = False
    without: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One raw table.

    Attributes:
        name: The name that files are matched with.
        schema: The schema it lands in.
        identifier: Its name in the warehouse.
        columns: The declared columns, in the order they get in the warehouse.
        optional: The file may be missing; the table is then there and empty.
        may_be_empty: The file may have a header and no rows.
        without: What is empty where there is no file, in words.
        loaded_at: The column that says how fresh the table is; empty where none does.
        path: The file that declares it.
        instead: The table that may be there in its place; then it is optional.
    """

    name: str
    schema: str
    identifier: str
    columns: tuple[Column, ...]
    optional: bool = False
    may_be_empty: bool = False
    without: str = ""
    loaded_at: str = ""
    path: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Source:
    """A dbt source: its name and its tables."""

    name: str
    tables: tuple[Table, ...]
