"""How the fields of a CSV file are separated."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from metrics_store.load.sql_names import fold

if TYPE_CHECKING:
    from metrics_store.load.source_files import SourceFile

_DELIMITERS = (",", ";", "\t", "|")
# Excel's way to say what separates the fields, in a line above the header.
_SAYING = re.compile(r"\ufeff?sep=(.)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class CsvDialect:
    """How a file is laid out.

    Attributes:
        delimiter: What separates the fields.
        lines_above: How many lines stand above the header.
    """

    delimiter: str
    lines_above: int = 0


def _names(text: TextIO, delimiter: str) -> list[str]:
    try:
        return next((row for row in csv.reader(text, delimiter=delimiter) if row), [])
    except csv.Error:
        return []


def find_dialect(text: TextIO, file: SourceFile) -> CsvDialect:
    """Find what separates the fields: what gives the most names that the table has.

    The text is at the header afterwards.
    """
    said = _SAYING.fullmatch(text.readline(64))
    if said:
        return CsvDialect(said[1], 1)
    wanted = {fold(column.name) for column in file.table.columns}
    wanted |= {fold(label) for label in file.mapping.columns.values()}
    found = {}
    for delimiter in _DELIMITERS:
        text.seek(0)
        found[delimiter] = len(wanted & {fold(name) for name in _names(text, delimiter)})
    text.seek(0)
    return CsvDialect(max(_DELIMITERS, key=lambda delimiter: found[delimiter]))
