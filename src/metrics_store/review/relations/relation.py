"""A relation: fingerprints of its rows and of its columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from metrics_store.review.relations.fingerprints import fingerprint, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def of_input(tag: str, column: str) -> str:
    """Give the fingerprint of a column in the row of one of a join's inputs."""
    return fingerprint("of input", tag, column) if tag else column


@dataclass(frozen=True)
class OpenColumns:
    """Columns that are not known by name: any name may be asked for.

    Attributes:
        base: Fingerprint of what they come from.
        tags: Through which inputs of joins they came, innermost first.
    """

    base: str
    tags: tuple[str, ...] = ()

    def column(self, name: str) -> str:
        """Give the fingerprint of the column with this lower-case name, should there be one."""
        found = fingerprint("column", self.base, name)
        for tag in self.tags:
            found = of_input(tag, found)
        return found

    def tagged(self, tag: str) -> OpenColumns:
        """Give the same columns, seen through an input of a join."""
        return replace(self, tags=(*self.tags, tag)) if tag else self


@dataclass(frozen=True)
class Rows:
    """Which rows there are: those of a base for which every condition holds."""

    base: str
    conditions: frozenset[str] = frozenset()

    @property
    def fingerprint(self) -> str:
        """The fingerprint of these rows."""
        if not self.conditions:
            return self.base
        return fingerprint("filter", self.base, sorted(self.conditions))

    def where(self, conditions: frozenset[str]) -> Rows:
        """Give those of the rows for which these hold too."""
        return Rows(self.base, self.conditions | conditions)


@dataclass(frozen=True)
class Relation:
    """What a relation means, as fingerprints.

    The data of a column is a function of the rows and of the column's own fingerprint: two
    relations with the same fingerprint of rows have the same rows, and where a column has the same
    fingerprint as well, the same values in them.

    Attributes:
        rows: Which rows there are: sources, joins, filters, grouping, limits.
        columns: Lower-case name of an output column -> what its value is, in output order; those
            that are known.
        whole: Everything, but the order of columns and rows.
        open_columns: Where further columns may come from, which no text names.
        order: In which order the rows are said to come, "" where nothing says it.
        filtered: The rows again, as a base and conditions on it.
    """

    rows: str
    columns: Mapping[str, str]
    whole: str
    open_columns: tuple[OpenColumns, ...] = ()
    order: str = ""
    filtered: Rows = field(default_factory=lambda: Rows(""), repr=False)

    def known(self, name: str) -> str | None:
        """Give the fingerprint of a column that is known by name, None of any other."""
        return self.columns.get(name.lower())

    def possible(self, name: str) -> list[str]:
        """Give the fingerprints that a column may have which is not known by name."""
        return [opening.column(name.lower()) for opening in self.open_columns]

    def column(self, name: str) -> str:
        """Give the fingerprint of the value of a column.

        Args:
            name: The column's name, in any case.

        Returns:
            The column's own fingerprint where it is known; one made of the name and of what it may
            come from where the relation takes any name; else one made of the whole relation.
        """
        known = self.known(name)
        if known is not None:
            return known
        possible = self.possible(name)
        return one_of(possible) if possible else fingerprint("unknown", self.whole, name.lower())

    def values(self) -> str:
        """Give the fingerprint of all columns in their order, whatever they are called."""
        open_columns = [[opening.base, *opening.tags] for opening in self.open_columns]
        return fingerprint("values", list(self.columns.values()), open_columns)

    def all_columns(self) -> str:
        """Give the fingerprint of all columns in their order."""
        return fingerprint(
            "columns",
            [[name, column] for name, column in self.columns.items()],
            [[opening.base, *opening.tags] for opening in self.open_columns],
        )


def relation(
    rows: Rows,
    columns: Mapping[str, str],
    open_columns: Sequence[OpenColumns] = (),
    order: str = "",
) -> Relation:
    """Make a relation of its rows and columns."""
    distinct = sorted({(opening.base, *opening.tags) for opening in open_columns})
    whole = fingerprint(
        "relation",
        rows.fingerprint,
        sorted([name, column] for name, column in columns.items()),
        [list(opening) for opening in distinct],
    )
    return Relation(rows.fingerprint, dict(columns), whole, tuple(open_columns), order, rows)


def opaque_relation(whole: str, names: Sequence[str] = ()) -> Relation:
    """Make a relation of which only the whole is known: every column is made of all of it."""
    opening = OpenColumns(whole)
    return relation(Rows(whole), {name: opening.column(name) for name in names}, [opening])


def source_relation(identity: str) -> Relation:
    """Make the relation of a table that others fill: it has any column.

    Args:
        identity: What the table is, whatever its schema is called.
    """
    return opaque_relation(fingerprint("source", identity))


def seed_relation(identity: str, columns: Sequence[str] | None) -> Relation:
    """Make the relation of a table whose whole content is known.

    Args:
        identity: What identifies the content, such as its checksum.
        columns: The names of its columns; None where they are not known.
    """
    whole = fingerprint("seed", identity)
    if columns is None:
        return opaque_relation(whole)
    names = [name.lower() for name in columns]
    return relation(Rows(whole), {name: OpenColumns(whole).column(name) for name in names})
