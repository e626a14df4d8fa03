"""Checks the SQL in an Ossie document: that it parses in its dialect, and of what it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from metrics_store.interchange.ossie.checks.ossie_references import nearest
from metrics_store.interchange.ossie.ossie_problems import OssieProblem, path_of
from metrics_store.interchange.ossie.ossie_versions import SQL_DIALECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.interchange.ossie.ossie_problems import Step
    from metrics_store.interchange.ossie.ossie_versions import OssieVersion

Part = dict[str, Any]


def sql_problems(document: Part, version: OssieVersion) -> Iterator[OssieProblem]:
    """Find SQL that does not parse, or that is made of what it must not or cannot be made of."""
    for place, model in enumerate(document["semantic_model"]):
        path: list[Step] = ["semantic_model", place]
        datasets = {dataset["name"].lower(): dataset for dataset in model["datasets"]}
        for number, dataset in enumerate(model["datasets"]):
            for index, field in enumerate(dataset.get("fields", ())):
                within = [*path, "datasets", number, "fields", index]
                yield from _field_problems(within, field)
        for index, metric in enumerate(model.get("metrics", ())):
            within = [*path, "metrics", index]
            yield from _metric_problems(within, metric, datasets, version)


def parse_expression(text: str, dialect: str) -> exp.Expr | None:
    """Parse one expression in a dialect of Ossie; nothing where it is none.

    Args:
        text: The expression.
        dialect: One of `SQL_DIALECTS`.
    """
    try:
        statements = sqlglot.parse(f"select {text}\n", read=SQL_DIALECTS[dialect])
    except SqlglotError:
        return None
    statement = statements[0] if len(statements) == 1 else None
    if not isinstance(statement, exp.Select) or len(statement.expressions) != 1:
        return None
    rest = {name for name, value in statement.args.items() if value} - {"expressions", "kind"}
    found: exp.Expr = statement.expressions[0]
    return None if rest or isinstance(found, exp.Alias | exp.Star) else found


def is_row_expression(text: str) -> bool:
    """Whether a text is what a field may be: one expression that all read, of one row."""
    parsed = parse_expression(text, "ANSI_SQL")
    return parsed is not None and not _aggregates(parsed)


def _aggregates(parsed: exp.Expr) -> bool:
    return any(not isinstance(one.parent, exp.Window) for one in parsed.find_all(exp.AggFunc))


def _field_problems(path: list[Step], field: Part) -> Iterator[OssieProblem]:
    for where, parsed in _expressions(path, field):
        if isinstance(parsed, OssieProblem):
            yield parsed
        elif _aggregates(parsed):
            yield OssieProblem(
                where, "it aggregates rows", "a value of one row; a metric is where rows are summed"
            )


def _metric_problems(
    path: list[Step], metric: Part, datasets: dict[str, Part], version: OssieVersion
) -> Iterator[OssieProblem]:
    for where, parsed in _expressions(path, metric):
        if isinstance(parsed, OssieProblem):
            yield parsed
            continue
        for column in parsed.find_all(exp.Column):
            table = column.table.lower()
            if table and table not in datasets:
                known = f"a dataset of this semantic model{nearest(table, datasets)}"
                yield OssieProblem(where, f"there is no dataset `{column.table}`", known)
            elif table and not version.read_by_dbt:
                names = _names(datasets[table])
                if names and column.name.lower() not in names:
                    found = f"`{column.table}` has no field `{column.name}`"
                    expected = f"a field or key of it{nearest(column.name, names)}"
                    yield OssieProblem(where, found, expected)


def _names(dataset: Part) -> set[str]:
    """Give what an expression may name of a dataset; nothing where it does not list its fields."""
    fields = [field["name"].lower() for field in dataset.get("fields", ())]
    keys = [dataset.get("primary_key", []), *dataset.get("unique_keys", ())]
    return {*fields, *(name.lower() for key in keys for name in key)} if fields else set()


def _expressions(path: list[Step], part: Part) -> Iterator[tuple[str, exp.Expr | OssieProblem]]:
    """Parse what an element is in each dialect that can be parsed."""
    seen: set[str] = set()
    for number, one in enumerate(part["expression"]["dialects"]):
        steps: list[Step] = [*path, "expression", "dialects", number]
        dialect, text = one["dialect"], one["expression"]
        where = path_of([*steps, "expression"])
        if dialect in seen:
            what = f"the dialect {dialect} stands twice"
            yield where, OssieProblem(path_of([*steps, "dialect"]), what, "each dialect once")
        seen.add(dialect)
        if dialect in SQL_DIALECTS:
            parsed = parse_expression(text, dialect)
            expected = f"one SQL expression that parses as {dialect}"
            shown = " ".join(text.split())[:80]
            yield where, parsed or OssieProblem(where, f"`{shown}` does not parse", expected)
