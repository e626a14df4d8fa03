"""What a mapping file says of the files of a source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.load.load_options import PLAIN, Formats

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class TableMapping:
    """What is said of the files of one table.

    Attributes:
        files: Patterns of the names of its files; empty where they are named as the table is.
        columns: By the contract's name of a column, the file's.
        values: By the contract's name of a column, what takes the place of a value.
        has_footer: Whether lines of one field stand under the rows, as in a report.
        is_distinct: Whether rows that are alike in the mapped columns are one, and other columns
            are left out: a table of accounts out of a list of deals.
        formats: How its files are written.
        where: The mapping file, for messages.
    """

    files: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    has_footer: bool = False
    is_distinct: bool = False
    formats: Formats = PLAIN
    where: str = ""


@dataclass(frozen=True)
class SourceMapping:
    """What is said of all tables of a source.

    Attributes:
        tables: By the name of the table.
        formats: How files are written of which nothing else is said.
    """

    tables: Mapping[str, TableMapping] = field(default_factory=dict)
    formats: Formats = PLAIN

    def of(self, table: str) -> TableMapping:
        """Give what is said of a table's files."""
        return self.tables.get(table) or TableMapping(formats=self.formats)


NOT_MAPPED = TableMapping()
