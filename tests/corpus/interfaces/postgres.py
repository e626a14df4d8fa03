"""PostgreSQL's protocol: every request as a SELECT from the table of all metrics."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg

from corpus.answers import Refusal, Rows, plain
from corpus.interfaces.interface import ALL_BUT_PAGES, PERIODS, TIMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.answers import Outcome
    from corpus.corpus_requests import Asked

_NAMED = re.compile(r"\{\{\s*(\w+)\(\s*'([^']*)'\s*(?:,\s*'([^']*)')?\s*\)\s*\}\}")
# What SQL says in its own way, with what it says of it.
_OWN = {
    "there is no such metric": "a name is a column of any kind",
    "nothing by this name to group or filter by": "a name is a column of any kind",
    "there is no such grain": "a name is a column of any kind",
    "only a time without grain has such a part": "a name is a column of any kind",
    "is not known by hour": "a grain that nothing has is no column",
    "there is no such saved query": "a saved query is a table",
    "an answer can be ordered only by what is asked": "any metric can be ordered by",
    "the same is asked for twice": "a column may be selected twice",
    "two columns would have the same name": "two columns may have one name",
    "an alias cannot be the name of a column": "any text in quotes can be a name",
    "the time asked for ends before it starts": "no row fits such a condition",
    "is a dimension, not an entity": "a name is a column of any kind",
    "a filter has no condition": "it is no SQL",
    "a text in the filter is not closed": "it is no SQL",
    "a filter is one condition": "they are two statements",
    "a brace in the filter": "it is no SQL",
    "a filter's braces": "it is no SQL",
    "a filter has no comments": "SQL has comments",
    "a filter says something that filters cannot": "it is a sub-select",
    "two texts stand side by side": "it is no SQL",
    "a filter is nested too deeply": "SQL may be nested more deeply",
}
_NOT_SAID = {
    "functions.arithmetic": "PostgreSQL divides whole numbers to whole numbers",
    "saved_queries_and_values.saved_and_filtered": "the saved query has no such column",
    "saved_queries_and_values.saved_with_times": "the saved query has no such column",
}


class PostgresInterface:
    """SQL over metrics, prepared, as drivers send it.

    Args:
        address: The address of the interface.
    """

    name = "PostgreSQL"
    can_say = (ALL_BUT_PAGES | TIMES | {"aliases"}) - PERIODS
    least = 130

    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address, user="ana", autocommit=True)

    def close(self) -> None:
        self._connection.close()

    def lacks(self, asked: Asked) -> str | None:
        if any(
            one in text for text in asked.where for one in ("Metric(", "entity_path", ".grain(")
        ):
            return "it is said in a way that is the semantic layer's alone"
        if not (asked.metrics or asked.group_by or asked.saved_query or asked.values):
            return "a SELECT without columns asks for nothing"
        own = [why for said, why in _OWN.items() if said in (asked.error or "")]
        return _NOT_SAID.get(asked.name) or next(iter(own), None)

    def ask(self, asked: Asked, like: Rows | None) -> Outcome:
        sql = statement(asked, () if like is None else like.columns)
        try:
            cursor = self._connection.execute(sql.encode(), prepare=True)
            rows = [tuple(map(plain, row)) for row in cursor.fetchall()]
        except psycopg.Error as error:
            return Refusal(str(error))
        assert cursor.description is not None
        return Rows(tuple(column.name for column in cursor.description), rows)


def statement(asked: Asked, names: tuple[str, ...]) -> str:
    """Write a request as SQL.

    Args:
        asked: The request.
        names: What its columns are called; a column of SQL is called as it was asked for.
    """
    aliases = dict(asked.aliases)
    if asked.values is not None:
        return _values(asked, *names)
    named = dict(zip(asked.group_by, names, strict=False))
    columns = [f"{_quoted(one)} as {_quoted(named.get(one, one))}" for one in asked.group_by]
    columns += [f"agg({_quoted(one)}) as {_quoted(aliases.get(one, one))}" for one in asked.metrics]
    table = "all_metrics" if asked.saved_query is None else asked.saved_query
    sql = f"select {', '.join(columns) or '*'} from metrics.{_quoted(table)}"
    sql += _where(asked)
    if asked.group_by:
        sql += " group by " + ", ".join(map(_quoted, asked.group_by))
    return sql + _order(asked.order_by, [*asked.group_by, *asked.metrics]) + _limit(asked)


def _values(asked: Asked, name: str | None = None) -> str:
    dimension = _quoted(str(asked.values))
    selected = f"{dimension} as {_quoted(name or str(asked.values))}"
    if not asked.metrics:
        table = f"metrics.all_metrics{_where(asked)}"
        return f"select distinct {selected} from {table} order by 1{_limit(asked)}"
    metrics = ", ".join(f"agg({_quoted(one)})" for one in asked.metrics)
    inner = f"select {dimension}, {metrics} from metrics.all_metrics{_where(asked)} group by 1"
    return f"select {selected} from ({inner}) as answer order by 1{_limit(asked)}"


def _where(asked: Asked) -> str:
    conditions = [f"({_NAMED.sub(_column, one)})" for one in asked.where]
    if asked.start_time is not None:
        conditions.append(f"metric_time__day >= date '{asked.start_time}'")
    if asked.end_time is not None:
        conditions.append(f"metric_time__day <= date '{asked.end_time}'")
    return " where " + " and ".join(conditions) if conditions else ""


def _column(match: re.Match[str]) -> str:
    _, path, grain = match.groups()
    return _quoted(f"{path}__{grain}" if grain else path)


def _order(names: Iterable[str], asked: list[str]) -> str:
    written = []
    for name in names:
        bare = name.removeprefix("-")
        # A time may be said without the grain that it is asked by.
        bare = next((one for one in asked if one == bare or one.startswith(f"{bare}__")), bare)
        downwards = " desc" if name.startswith("-") else ""
        written.append(f"{_quoted(bare)}{downwards} nulls last")
    return " order by " + ", ".join(written) if written else ""


def _limit(asked: Asked) -> str:
    return "" if asked.limit is None else f" limit {asked.limit}"


def _quoted(name: str) -> str:
    return '"' + name.lower().replace('"', '""') + '"'
