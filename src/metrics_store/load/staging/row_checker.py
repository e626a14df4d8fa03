"""Checks staged rows against the contract: types, and the rules that its tests declare."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from metrics_store.load.load_problems import MOST_EXAMPLES, Problem, shortened
from metrics_store.load.staging.column_rules import Rule, column_rules
from metrics_store.load.staging.format_hints import format_hint
from metrics_store.load.staging.rejected_rows import (
    first_reason,
    reject_duplicates,
    reject_rows,
    with_rejects,
)
from metrics_store.load.staging.staged_view import create_view, given, value
from metrics_store.load.staging.staging_database import ROW, StagedTable, StagingDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

# Parquet types that hold no single value that could be read as a declared type.
_NO_SCALARS = ("STRUCT", "MAP", "UNION", "BLOB", "BIT", "INTERVAL", "TIME ", "TIME_")


def _type_problems(staged: StagedTable) -> Iterator[Problem]:
    for matched in staged.columns:
        stored_as = "" if matched.position is None else staged.types[matched.position]
        if matched.column.name not in {column.name for column in staged.table.columns}:
            continue
        if stored_as.endswith("]") or stored_as == "TIME" or stored_as.startswith(_NO_SCALARS):
            what = f"the file stores {shortened(stored_as)}"
            expected = matched.column.data_type.expected
            yield Problem(staged.file_name, what, expected=expected, column=matched.label)


def _broken_rows(
    staged: StagedTable, view: str, rule: Rule, count: int, staging: StagingDatabase
) -> Iterator[Problem]:
    rows = staging.rows(
        f"select {ROW}, cast({given(rule.number)} as varchar) from {view} "  # noqa: S608 - names are our own
        f"where {rule.broken} order by {ROW} limit {MOST_EXAMPLES}"
    )
    matched = staged.columns[rule.number]
    texts = [text for _, text in rows if text]
    hint = format_hint(texts, matched.column.data_type, staged.mapping.formats)
    for number, (row, text) in enumerate(rows, start=1):
        file, place = staged.place(row)
        yield Problem(
            file,
            rule.what.format(value=shortened(text or "")),
            expected=rule.expected + hint,
            row=place,
            column=matched.label,
            more=count - len(rows) if number == len(rows) else 0,
        )


def duplicates_sql(staged: StagedTable, view: str, number: int) -> str:
    """Give the query of the rows that repeat a value of an earlier row, with that row."""
    key = value(number)
    if staged.columns[number].column.data_type.kind == "json":  # JSON has no equality of its own
        key = f"cast({key} as varchar)"
    repeated = (
        f"select {key} as repeated, min({ROW}) as first_row from {view} "  # noqa: S608
        f"where {key} is not null group by all having count(*) > 1"
    )
    return (
        f"select {ROW}, first_row, cast({given(number)} as varchar) as given "  # noqa: S608
        f"from {view} join ({repeated}) on {key} = repeated and {ROW} > first_row"
    )


def _duplicates(
    staged: StagedTable, view: str, number: int, staging: StagingDatabase
) -> Iterator[Problem]:
    rows = staging.rows(
        f"select *, count(*) over () from ({duplicates_sql(staged, view, number)}) "  # noqa: S608
        f"order by {ROW} limit {MOST_EXAMPLES}"
    )
    for place, (row, first_row, text, count) in enumerate(rows, start=1):
        file, line = staged.place(row)
        first_file, first_line = staged.place(first_row)
        other = "" if first_file == file else f" of {first_file}"
        yield Problem(
            file,
            f"{shortened(text)} stands in {first_line}{other} already",
            expected="each value once",
            row=line,
            column=staged.columns[number].label,
            more=count - len(rows) if place == len(rows) else 0,
        )


def _broken_rules(
    staged: StagedTable, view: str, staging: StagingDatabase
) -> Iterator[tuple[Rule, int]]:
    """Count the broken rows of all rules in one pass, and give those that have some."""
    numbers = range(len(staged.columns))
    rules = [rule for number in numbers for rule in column_rules(staged, number)]
    if not rules:
        return
    counts = ", ".join(f"count(*) filter (where {rule.broken})" for rule in rules)
    (counted,) = staging.rows(f"select {counts} from {view}")  # noqa: S608
    yield from ((rule, count) for rule, count in zip(rules, counted, strict=True) if count)


def _unique_columns(staged: StagedTable) -> list[int]:
    return [
        number
        for number, matched in enumerate(staged.columns)
        if matched.column.unique and matched.position is not None
    ]


def _no_rows(staged: StagedTable) -> list[Problem]:
    if staged.rows or staged.table.may_be_empty:
        return []
    expected = "at least one row under the header"
    return [Problem(staged.file_name, "the file has no rows", expected=expected)]


def check(staged: StagedTable, staging: StagingDatabase) -> tuple[StagedTable, list[Problem]]:
    """Check a staged table; each rule gives its first few broken rows and how many follow."""
    wrong = list(_type_problems(staged)) or _no_rows(staged)
    if wrong:
        return staged, wrong
    view = create_view(staged, staging)
    problems = [
        problem
        for rule, count in _broken_rules(staged, view, staging)
        for problem in _broken_rows(staged, view, rule, count, staging)
    ]
    for number in _unique_columns(staged):
        problems += _duplicates(staged, view, number, staging)
    return staged, problems


def set_aside(staged: StagedTable, staging: StagingDatabase) -> tuple[StagedTable, list[Problem]]:
    """Reject each row that breaks a rule; only what is wrong with the whole file is a problem."""
    wrong_types = list(_type_problems(staged))
    if wrong_types:
        return staged, wrong_types
    staged = with_rejects(staged, staging)
    # What it shows is without the rejected rows, also those that are rejected later.
    view = create_view(staged, staging)
    for rule, _ in list(_broken_rules(staged, view, staging)):
        every_row = create_view(replace(staged, rejects=""), staging)
        reject_rows(staged, every_row, rule, staging)
    # Of rows of one id a good one stays, even where a broken one stands before it.
    view = create_view(staged, staging)
    for number in _unique_columns(staged):
        reject_duplicates(staged, duplicates_sql(staged, view, number), number, staging)
    left = staging.rows(f"select count(*) from {view}")[0][0]  # noqa: S608
    if not left and not staged.table.may_be_empty:
        expected = "at least one row that can be loaded"
        reason = first_reason(staged, staging) or "there is none"
        what = f"no row can be loaded; the first: {reason}"
        return staged, [Problem(staged.file_name, what, expected=expected)]
    return replace(staged, rows=left), []
