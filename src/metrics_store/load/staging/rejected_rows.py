"""Rows that are set aside: which they are, why, and the file that they are written to."""

from __future__ import annotations

import csv
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.load.load_problems import shortened
from metrics_store.load.sql_names import literal
from metrics_store.load.staging.staged_view import given
from metrics_store.load.staging.staging_database import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from metrics_store.load.staging.column_rules import Rule
    from metrics_store.load.staging.staging_database import StagedTable, StagingDatabase

HEADER = ("table", "file", "place", "reason", "record")
_Line = tuple[str, str, str, str, str]


def with_rejects(staged: StagedTable, staging: StagingDatabase) -> StagedTable:
    """Give a staged table a list of rejected rows, with those that could not be staged."""
    rejects = f"rejects_of_{staged.relation}"
    staging.run(
        f"create table {rejects} ({ROW} bigint, number integer, reason varchar, fields varchar)"
    )
    for row in staged.set_aside:
        staging.connection.execute(
            f"insert into {rejects} values (?, 0, ?, to_json(?::varchar[]))",  # noqa: S608 - our name
            [row.row, row.reason, list(row.fields)],
        )
    return replace(staged, rejects=rejects)


def reject_rows(staged: StagedTable, view: str, rule: Rule, staging: StagingDatabase) -> None:
    """List the rows that break a rule."""
    shown = f"coalesce('''' || left(cast({given(rule.number)} as varchar), 60) || '''', '')"
    before, sign, after = rule.what.partition("{value}")
    what = f"{literal(before)} || {shown} || {literal(after)}" if sign else literal(rule.what)
    label = literal(f"column {staged.columns[rule.number].label}: ")
    staging.run(
        f"insert into {staged.rejects} select {ROW}, {rule.number}, {label} || {what} || "  # noqa: S608
        f"{literal(f'; expected {rule.expected}')}, null from {view} where {rule.broken}"
    )


def reject_duplicates(
    staged: StagedTable, query: str, number: int, staging: StagingDatabase
) -> None:
    """List the rows of a query that repeat the value of an earlier row."""
    rows = staging.rows(query)
    label = staged.columns[number].label
    for row, first, text in rows:
        file, place = staged.place(first)
        reason = f"column {label}: {shortened(text or '')} stands in {place} of {file} already"
        staging.connection.execute(
            f"insert into {staged.rejects} values (?, {number}, ?, null)",  # noqa: S608 - our own name
            [row, reason],
        )


def first_reason(staged: StagedTable, staging: StagingDatabase) -> str:
    """Give why the first rejected row is one; empty where none is."""
    found = staging.rows(f"select reason from {staged.rejects} order by {ROW} limit 1")  # noqa: S608
    return str(found[0][0]) if found else ""


def count_rejects(staged: StagedTable, staging: StagingDatabase) -> int:
    """Tell how many rows of a table are rejected."""
    if not staged.rejects:
        return 0
    return int(staging.rows(f"select count(distinct {ROW}) from {staged.rejects}")[0][0])  # noqa: S608


def _lines(staged: StagedTable, staging: StagingDatabase) -> Iterator[_Line]:
    fields = ", ".join(
        f"{literal(matched.label)}, c{matched.position}"
        for matched in sorted(staged.columns, key=lambda matched: matched.position or 0)
        if matched.position is not None
    )
    rows = staging.rows(
        f"select rejects.{ROW}, string_agg(reason, '; ' order by number), "  # noqa: S608 - quoted
        f"coalesce(any_value(fields), cast(any_value(json_object({fields})) as varchar)) "
        f"from {staged.rejects} as rejects left join {staged.relation} using ({ROW}) "
        f"group by rejects.{ROW} order by rejects.{ROW}"
    )
    for row, reasons, record in rows:
        yield (staged.table.name, *staged.place(row), reasons, record or "")


def write_rejects(tables: Sequence[StagedTable], staging: StagingDatabase, path: Path) -> None:
    """Write all rejected rows to a CSV file, which replaces one of the same name whole.

    Where there are none, the file has no more than its header.

    Raises:
        MetricsStoreError: The file cannot be written.
    """
    lines = [line for staged in tables if staged.rejects for line in _lines(staged, staging)]
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.resolve().parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([HEADER, *lines])
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise MetricsStoreError(
            "the rows that are set aside cannot be written; nothing was loaded",
            where=f"{path}: {error.strerror or error}",
            remedy="name a file in a directory that can be written to",
        ) from None
