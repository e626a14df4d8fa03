"""The scope of a query: the inputs that names in it refer to, with those of outer queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from metrics_store.review.relations.fingerprints import fingerprint, one_of
from metrics_store.review.relations.relation import of_input

if TYPE_CHECKING:
    from sqlglot import exp

    from metrics_store.review.relations.relation import OpenColumns, Relation


class ReadQuery(Protocol):
    """Reads a query that stands inside another one."""

    def __call__(self, query: exp.Expr, parent: QueryScope | None) -> Relation:
        """Give the query's relation; names it does not know itself mean what they mean there."""


@dataclass(frozen=True)
class Input:
    """One relation that a select reads.

    Attributes:
        name: Its lower-case alias or own name; "" where it has none.
        relation: What it means.
        tag: Tells it from the select's other inputs; "" where there is no other.
        is_hidden: Whether no star shows its columns, as on the right of a semi join.
    """

    name: str
    relation: Relation
    tag: str
    is_hidden: bool = False

    def known(self, name: str) -> str | None:
        """Give the fingerprint of a column that is known by name."""
        found = self.relation.known(name)
        return None if found is None else of_input(self.tag, found)

    def possible(self, name: str) -> list[str]:
        """Give the fingerprints of the columns that may be meant by a name that is not known."""
        return [of_input(self.tag, found) for found in self.relation.possible(name)]

    def column(self, name: str) -> str:
        """Give the fingerprint of a column that must be here."""
        return of_input(self.tag, self.relation.column(name))

    def open_columns(self) -> list[OpenColumns]:
        """Give where further columns may come from."""
        return [opening.tagged(self.tag) for opening in self.relation.open_columns]

    @property
    def whole(self) -> str:
        """The fingerprint of all of it, with its columns in their order."""
        return of_input(
            self.tag,
            fingerprint("whole", self.relation.whole, self.relation.all_columns()),
        )


@dataclass
class QueryScope:
    """The inputs of a select, and the scope around it.

    Attributes:
        dialect: The dialect of the SQL.
        read_query: Reads the queries in its expressions.
        parent: What names mean that no input has; None where nothing is around.
        inputs: The inputs so far, in the order in which they are joined.
        merged: Columns that `using` made one of two.
    """

    dialect: str
    read_query: ReadQuery
    parent: QueryScope | None = None
    inputs: list[Input] = field(default_factory=list)
    merged: dict[str, str] = field(default_factory=dict)

    def input_named(self, name: str) -> Input | None:
        """Give the input with this alias, None where there is none."""
        return next((found for found in self.inputs if found.name == name), None)

    def known(self, name: str) -> str | None:
        """Give the fingerprint of a column that an input has for certain."""
        if name in self.merged:
            return self.merged[name]
        known = [found for each in self.inputs if (found := each.known(name)) is not None]
        return one_of(known) if known else None

    def possible(self, name: str) -> list[str]:
        """Give what a name may mean that is no known column, here or around here."""
        possible = [found for each in self.inputs for found in each.possible(name)]
        whole_row = self.input_named(name)
        if whole_row is not None:
            possible.append(fingerprint("row", whole_row.whole))
        return possible + self._around(name)

    def qualified(self, parts: list[str]) -> tuple[str, int] | None:
        """Give the column that a dotted name starts with, and how many parts it takes."""
        for at in range(min(len(parts) - 1, 3)):
            found = self.input_named(parts[at])
            if found is not None:
                return found.column(parts[at + 1]), at + 2
        if self.parent is None:
            return None
        outer = self.parent.qualified(parts)
        return None if outer is None else (fingerprint("outer", outer[0]), outer[1])

    def everything(self) -> str:
        """Give the fingerprint of all that is known here."""
        around = [self.parent.everything()] if self.parent is not None else []
        return fingerprint("everything", [found.whole for found in self.inputs], around)

    def _around(self, name: str) -> list[str]:
        if self.parent is None:
            return []
        known = self.parent.known(name)
        found = [known] if known is not None else self.parent.possible(name)
        return [fingerprint("outer", each) for each in found]
