"""The rules of a column, each as the SQL condition of the rows that break it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.load.sql_names import literal, sentence_list
from metrics_store.load.staging.staged_view import given, value
from metrics_store.load.staging.value_conversion import from_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.load.contracts.contract import Column
    from metrics_store.load.contracts.data_types import DataType
    from metrics_store.load.load_options import Formats
    from metrics_store.load.staging.staging_database import StagedTable


@dataclass(frozen=True)
class Rule:
    """One thing that must hold in every row.

    Attributes:
        number: The column it is about.
        broken: The SQL condition of a row that breaks it, over the view's columns.
        what: What is then wrong; `{value}` stands for the value.
        expected: What would have been right.
    """

    number: int
    broken: str
    what: str
    expected: str


def expected_of(data_type: DataType, formats: Formats) -> str:
    """What a value of a type looks like in files that are written so, for a message."""
    if formats.decimal_comma and data_type.kind in ("numeric", "double precision"):
        return data_type.expected.replace("1234.5", "1.234,5").replace("point", "comma")
    if formats.dates != "iso" and data_type.kind in ("date", "timestamp"):
        other = {"us": "7/24/2024", "eu": "24.7.2024"}[formats.dates]
        return data_type.expected.replace(", in the years", f", or {other}, in the years")
    return data_type.expected


def _value_list(values: tuple[str, ...], data_type: DataType) -> str:
    return ", ".join(from_text(literal(text), data_type) for text in values)


def column_rules(staged: StagedTable, number: int) -> Iterator[Rule]:
    """Give what must hold in a column of a staged table, by the contract."""
    matched = staged.columns[number]
    if matched.position is None:
        return
    column, text, typed = matched.column, given(number), value(number)
    stored_as = staged.types[matched.position]
    if staged.row_word == "row" and stored_as == "VARCHAR":
        broken = f"contains({text}, chr(0))"
        yield Rule(number, broken, "there is a NUL byte in {value}", "text without NUL bytes")
    expected = expected_of(column.data_type, staged.mapping.formats)
    if stored_as != "VARCHAR":
        expected += f" (the file stores {stored_as})"
    if column.data_type.kind != "text":
        broken = f"{text} is not null and {typed} is null"
        yield Rule(number, broken, "{value} does not fit", expected)
    if column.not_null:
        yield Rule(number, f"{text} is null", "there is no value", "a value in every row")
        if column.data_type.kind == "text":
            blank = rf"regexp_full_match({text}, '[\s\p{{Z}}]+')"
            yield Rule(number, blank, "there is only white space", "a value in every row")
    yield from _list_rules(column, number)
    for bound, sign in ((column.bounds.minimum, "<"), (column.bounds.maximum, ">")):
        if bound is not None:
            broken = f"{typed} {sign} {bound}"
            yield Rule(number, broken, "{value} is out of bounds", column.bounds.expected)
    yield from _fit_rules(staged, number)


def _list_rules(column: Column, number: int) -> Iterator[Rule]:
    if column.accepted_values is not None:
        accepted = _value_list(column.accepted_values, column.data_type)
        listed = "one of " + sentence_list(column.accepted_values)
        broken = f"{value(number)} not in ({accepted})"
        yield Rule(number, broken, "{value} is not accepted", listed)
    if column.known is not None:
        known = ", ".join(literal(text) for text in column.known.values) or "''"
        broken = f"nullif(trim({value(number)}), '') not in ({known})"
        listed = f"one of {sentence_list(column.known.values)}, or a new row in {column.known.path}"
        yield Rule(number, broken, "{value} is not known", listed)


def _fit_rules(staged: StagedTable, number: int) -> Iterator[Rule]:
    numbers = {matched.column.name: place for place, matched in enumerate(staged.columns)}
    for fit in staged.columns[number].column.fits:
        conditions, words = [], []
        for name, wanted in fit.when:
            other = staged.columns[numbers[name]].column
            wanted_value = from_text(literal(wanted), other.data_type)
            conditions.append(f"{value(numbers[name])} = {wanted_value}")
            words.append(f"{name} is {wanted}")
        text = f"nullif(trim({value(number)}), '')"
        conditions.append(f"{text} is not null and {from_text(text, fit.data_type)} is null")
        form = expected_of(fit.data_type, staged.mapping.formats)
        expected = f"{form}, because {' and '.join(words)}"
        yield Rule(number, " and ".join(conditions), "{value} does not fit", expected)
