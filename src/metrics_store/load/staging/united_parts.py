"""Unites the parts of a table, each of which is staged by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from metrics_store.load.load_problems import Problem
from metrics_store.load.sql_names import fold, sentence_list
from metrics_store.load.staging.staging_database import (
    ROW,
    ROWS_A_FILE,
    StagedTable,
    StagingDatabase,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.load.staging.matched_columns import MatchedColumn


def _labels(staged: StagedTable) -> dict[str, str]:
    return {
        fold(matched.column.name): matched.label
        for matched in staged.columns
        if matched.position is not None
    }


def _differences(part: StagedTable, first: StagedTable) -> list[Problem]:
    """Tell why a part does not fit the first one: rows without a column would lack its values."""
    own, wanted = _labels(part), _labels(first)
    missing = [label for name, label in wanted.items() if name not in own]
    beyond = [label for name, label in own.items() if name not in wanted]
    told = [
        f"{word} {sentence_list(labels)}"
        for word, labels in (("it lacks", missing), ("only it has", beyond))
        if labels
    ]
    expected = f"the columns of {first.files[0]}"
    if told:
        what = f"the columns are not those of the other parts: {', '.join(told)}"
        return [Problem(part.files[0], what, expected=expected, row="header")]
    return [
        Problem(part.files[0], f"the file stores {kind}", f"{other}, as in {first.files[0]}",
                column=mine.label)
        for mine, theirs in _pairs(part, first)
        if (kind := part.types[mine.position or 0]) != (other := first.types[theirs.position or 0])
    ]  # fmt: skip


def _pairs(part: StagedTable, first: StagedTable) -> list[tuple[MatchedColumn, MatchedColumn]]:
    """Give each column of the first part with that of the other part before it."""
    by_name = {fold(matched.column.name): matched for matched in part.columns}
    return [
        (by_name[fold(matched.column.name)], matched)
        for matched in first.columns
        if matched.position is not None
    ]


def _union(parts: Sequence[StagedTable], rows: Sequence[str]) -> str:
    """Give SQL of the rows of all parts, in the columns of the first; each keeps its place."""
    selects = []
    for number, (part, rows_of) in enumerate(zip(parts, rows, strict=True)):
        columns = ", ".join(
            f"c{mine.position} as c{theirs.position}" for mine, theirs in _pairs(part, parts[0])
        )
        place = f"{ROW} + {number * ROWS_A_FILE}"
        selects.append(f"select {place} as {ROW}, {columns} from {rows_of}")  # noqa: S608
    return " union all by name ".join(selects)


def unite(
    parts: Sequence[StagedTable], staging: StagingDatabase
) -> tuple[StagedTable | None, list[Problem]]:
    """Give one staged table for the parts of it, or why there is none.

    Args:
        parts: At least one, all of one format.
        staging: Where they lie.
    """
    first = parts[0]
    if len(parts) == 1:
        return first, []
    problems = [found for part in parts[1:] for found in _differences(part, first)]
    if problems:
        return None, problems
    relation, reads = staging.new_relation(), [part.reads and f"({part.reads})" for part in parts]
    staged = _union(parts, [part.relation for part in parts])
    staging.run(f"create view {relation} as {staged}")
    set_aside = [
        replace(one, row=one.row + number * ROWS_A_FILE)
        for number, part in enumerate(parts)
        for one in part.set_aside
    ]
    whole = replace(
        first,
        files=tuple(part.files[0] for part in parts),
        relation=relation,
        rows=sum(part.rows for part in parts),
        set_aside=tuple(set_aside),
        reads=_union(parts, reads) if all(reads) else "",
        marks=tuple(mark for part in parts for mark in part.marks),
    )
    return whole, []
