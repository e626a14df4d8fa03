"""What was found of a source's raw tables, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.load.landed.source_check import counted_rows
from metrics_store.load.sql_names import fold, sentence_list

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.load.landed.source_check import TableFinding


def finding_lines(finding: TableFinding) -> Iterator[str]:
    """Write what was found of a table, a line a thing."""
    table, landed, contents = finding.table, finding.landed, finding.contents
    if landed is None or contents is None:
        kind = "may be missing" if table.optional else "compulsory"
        yield f"{table.name}: not found ({kind})"
        if finding.elsewhere:
            yield f"  the schema {table.schema} has {sentence_list(finding.elsewhere)}"
    else:
        by = f", landed by {contents.connector.name}" if contents.connector.name else ""
        yield f"{table.name}: {landed.schema}.{landed.name}, {counted_rows(contents.rows)}{by}"
        if contents.fresh:
            yield f"  newest: {contents.fresh} ({contents.fresh_by})"
        if contents.former:
            yield f"  former versions, left out: {counted_rows(contents.former)}"
        if contents.gone:
            yield f"  gone in the source: {counted_rows(contents.gone)}"
        names = [
            landed.columns[fold(column.name)]
            for column in table.columns
            if fold(column.name) in landed.columns
        ]
        yield f"  found: {sentence_list(names, most=40)}"
        if finding.others:
            yield f"  unknown, pass by: {sentence_list(finding.others, most=10)}"
        if finding.without_cost:
            yield f"  not there, and not needed: {sentence_list(finding.without_cost, most=40)}"
    for cost in finding.costs:
        yield f"  empty: {cost}"
    for problem in finding.problems:
        yield f"  problem: {problem}"
