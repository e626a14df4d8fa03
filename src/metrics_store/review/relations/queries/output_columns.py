"""The output columns of a select."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.review.relations.fingerprints import fingerprint, one_of

if TYPE_CHECKING:
    from metrics_store.review.relations.relation import OpenColumns


class OutputColumns:
    """Collects the output columns of a select.

    Args:
        dialect: The dialect, which says what becomes of two columns of one name.
    """

    def __init__(self, dialect: str) -> None:
        self._dialect = dialect
        self.columns: dict[str, str] = {}
        self.open_columns: list[OpenColumns] = []

    def add(self, name: str, column: str) -> None:
        """Add a column under a lower-case name."""
        if self.open_columns:
            # The star before may hold a column of that name, which would go first.
            before = [opening.column(name) for opening in self.open_columns]
            column = fingerprint("after a star", before, column)
        if name not in self.columns:
            self.columns[name] = column
        elif self._dialect == "duckdb":
            self.columns[self._free(name)] = column
        else:
            self.columns[name] = one_of([self.columns[name], column])

    def _free(self, name: str) -> str:
        number = 1
        while f"{name}_{number}" in self.columns:
            number += 1
        return f"{name}_{number}"
