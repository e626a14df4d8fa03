"""Checks staged rows against the contract: types, and the rules that its tests declare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.load.load_problems import MOST_EXAMPLES, Problem, shortened
from metrics_store.load.staging.column_rules import Rule, column_rules
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
    for place, (row, text) in enumerate(rows, start=1):
        yield Problem(
            staged.file_name,
            rule.what.format(value=shortened(text or "")),
            expected=rule.expected,
            row=f"{staged.row_word} {row}",
            column=staged.columns[rule.number].label,
            more=count - len(rows) if place == len(rows) else 0,
        )


def _duplicates(
    staged: StagedTable, view: str, number: int, staging: StagingDatabase
) -> Iterator[Problem]:
    matched = staged.columns[number]
    key = value(number)
    if matched.column.data_type.kind == "json":  # JSON has no equality of its own
        key = f"cast({key} as varchar)"
    repeated = (
        f"select {key} as repeated, min({ROW}) as first_row from {view} "  # noqa: S608
        f"where {key} is not null group by all having count(*) > 1"
    )
    rows = staging.rows(
        f"select {ROW}, first_row, cast({given(number)} as varchar), count(*) over () "  # noqa: S608
        f"from {view} join ({repeated}) on {key} = repeated and {ROW} > first_row "
        f"order by {ROW} limit {MOST_EXAMPLES}"
    )
    for place, (row, first_row, text, count) in enumerate(rows, start=1):
        yield Problem(
            staged.file_name,
            f"{shortened(text)} stands in {staged.row_word} {first_row} already",
            expected="each value once",
            row=f"{staged.row_word} {row}",
            column=matched.label,
            more=count - len(rows) if place == len(rows) else 0,
        )


def _broken_rules(staged: StagedTable, view: str, staging: StagingDatabase) -> Iterator[Problem]:
    """Count the broken rows of all rules in one pass, then look at those that have some."""
    numbers = range(len(staged.columns))
    rules = [rule for number in numbers for rule in column_rules(staged, number)]
    if not rules:
        return
    counts = ", ".join(f"count(*) filter (where {rule.broken})" for rule in rules)
    (counted,) = staging.rows(f"select {counts} from {view}")  # noqa: S608
    for rule, count in zip(rules, counted, strict=True):
        if count:
            yield from _broken_rows(staged, view, rule, count, staging)


def check(staged: StagedTable, staging: StagingDatabase) -> list[Problem]:
    """Check a staged table; each rule gives its first few broken rows and how many follow."""
    wrong_types = list(_type_problems(staged))
    if wrong_types:
        return wrong_types
    if staged.rows == 0 and not staged.table.may_be_empty:
        expected = "at least one row under the header"
        return [Problem(staged.file_name, "the file has no rows", expected=expected)]
    view = create_view(staged, staging)
    problems = list(_broken_rules(staged, view, staging))
    for number, matched in enumerate(staged.columns):
        if matched.column.unique and matched.position is not None:
            problems += _duplicates(staged, view, number, staging)
    return problems
