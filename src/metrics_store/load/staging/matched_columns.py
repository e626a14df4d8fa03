"""The columns of a file, matched with those of its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.load.contracts.contract import Column
from metrics_store.load.contracts.data_types import TEXT
from metrics_store.load.load_problems import Problem, shortened
from metrics_store.load.name_spelling import spelled_like
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
    """Tell of missing columns as this file would spell them."""
    spelled = [
        file.mapping.columns.get(column.name) or spelled_like(column.name, names)
        for column in missing
    ]
    what = f"the column {spelled[0]} is missing"
    if len(missing) > 1:
        what = f"{len(missing)} columns are missing: {sentence_list(spelled)}"
    found = sentence_list(name.strip() or "''" for name in names)
    return Problem(file.name, f"{what} (the file has {found[:400]})", row="header")


def _unmapped_problems(names: Sequence[str], file: SourceFile) -> list[Problem]:
    """Tell of columns that the mapping names and the file lacks."""
    present = {fold(name) for name in names}
    return [
        Problem(
            file.name,
            f"the column {label} is missing, which is {name} in {file.mapping.where}",
            expected=f"one of {sentence_list(other.strip() for other in names)[:400]}",
            row="header",
        )
        for name, label in file.mapping.columns.items()
        if fold(label) not in present
    ]


def _positions(names: Sequence[str], file: SourceFile) -> dict[str, int]:
    """Give the places of columns by their folded names, those of the mapping before others."""
    places = {fold(name): position for position, name in enumerate(names)}
    mapped = {fold(name): fold(label) for name, label in file.mapping.columns.items()}
    found = {name: places[label] for name, label in mapped.items() if label in places}
    taken = set(found.values())
    for name, position in places.items():
        if position not in taken:
            found.setdefault(name, position)
    declared = {fold(column.name) for column in file.table.columns}
    for column in file.table.columns:
        for other in map(fold, column.also):
            if fold(column.name) not in found and other in found and other not in declared:
                found[fold(column.name)] = found.pop(other)
    return found


def match_columns(
    names: Sequence[str], file: SourceFile
) -> tuple[list[MatchedColumn], list[Problem]]:
    """Give the columns of the table, the declared ones first, then the file's own as text.

    Args:
        names: The file's column names, in order.
        file: The file, its table and what a mapping says of them.

    Returns:
        The columns, and what is wrong with the names; with any problem the columns do not count.
    """
    problems = _name_problems(names, file) + _unmapped_problems(names, file)
    positions = _positions(names, file)
    missing = [
        column
        for column in file.table.columns
        if fold(column.name) not in positions
        and column.name not in file.mapping.columns
        and not column.optional
    ]
    if missing:
        problems.append(_missing_problem(missing, names, file))
    columns = []
    for column in file.table.columns:
        position = positions.pop(fold(column.name), None)
        label = column.name if position is None else names[position].strip()
        columns.append(MatchedColumn(column, label, position))
    own = {fold(name): name for name in file.mapping.columns}
    for name, position in positions.items():
        # A table that is distinct in its mapped columns has no others.
        if name in own or not file.mapping.is_distinct:
            label = names[position].strip()
            known_as = own.get(name, label.lower())
            columns.append(MatchedColumn(Column(known_as, TEXT), label, position))
    return columns, problems
