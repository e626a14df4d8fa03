"""The columns of a file, matched with those of its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.load.contracts.contract import Column
from metrics_store.load.contracts.data_types import TEXT
from metrics_store.load.load_problems import Problem, shortened
from metrics_store.load.sql_names import fold, sentence_list
from metrics_store.warehouse.identifiers import LONGEST_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.load.source_files import SourceFile


@dataclass(frozen=True)
class MatchedColumn:
    """A column of the table that is to be, and where its values come from.

    Attributes:
        column: Its name, type and rules; what the contract does not know is plain text.
        label: How the file spells it.
        position: Its place in the file, from 0; None where the file lacks it.
    """

    column: Column
    label: str
    position: int | None


def _name_problems(names: Sequence[str], file: SourceFile) -> list[Problem]:
    problems = []
    first_places: dict[str, tuple[int, str]] = {}
    for number, name in enumerate(names, start=1):
        expected = ""
        if not name.strip():
            what, expected = f"column {number} has no name", "a name for every column"
        elif not name.isprintable():
            what = f"column {number} is named {shortened(name)}, which no column can be"
            expected = "names without line ends or control characters"
        elif len(name.strip().encode()) > LONGEST_NAME:
            what = f"the name of column {number}, {shortened(name)}, is too long"
            expected = f"names of at most {LONGEST_NAME} bytes"
        elif fold(name) in first_places:
            other_number, other = first_places[fold(name)]
            what = f"columns {other_number} ({other}) and {number} ({name}) have the same name"
            expected = "each name once (upper and lower case and underscores do not matter)"
        if expected:
            problems.append(Problem(file.name, what, expected=expected, row="header"))
        first_places.setdefault(fold(name), (number, name))
    return problems


def _missing_problem(missing: Sequence[Column], names: Sequence[str], file: SourceFile) -> Problem:
    what = f"the column {missing[0].name} is missing"
    if len(missing) > 1:
        listed = sentence_list(column.name for column in missing)
        what = f"{len(missing)} columns are missing: {listed}"
    found = sentence_list(name.strip() or "''" for name in names)
    return Problem(file.name, f"{what} (the file has {found[:400]})", row="header")


def match_columns(
    names: Sequence[str], file: SourceFile
) -> tuple[list[MatchedColumn], list[Problem]]:
    """Give the columns of the table, the declared ones first, then the file's own as text.

    Args:
        names: The file's column names, in order.
        file: The file and its table.

    Returns:
        The columns, and what is wrong with the names; with any problem the columns do not count.
    """
    problems = _name_problems(names, file)
    positions = {fold(name): position for position, name in enumerate(names)}
    declared = {fold(column.name) for column in file.table.columns}
    missing = [
        column
        for column in file.table.columns
        if fold(column.name) not in positions and not column.optional
    ]
    if missing:
        problems.append(_missing_problem(missing, names, file))
    columns = []
    for column in file.table.columns:
        position = positions.get(fold(column.name))
        label = column.name if position is None else names[position].strip()
        columns.append(MatchedColumn(column, label, position))
    for position, name in enumerate(names):
        if fold(name) not in declared:
            own = Column(name.strip().lower(), TEXT)
            columns.append(MatchedColumn(own, name.strip(), position))
    return columns, problems
