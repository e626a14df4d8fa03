"""The answers to a row source's questions, as one array of PostgreSQL for each of its columns."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from metrics_store.errors import UnavailableError
from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.tables.column_types import TEXT, postgres_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyarrow as pa

    from metrics_store.query.selects.blocks.questions import Question, RowSource

# Every type that is written as text, and read by PostgreSQL as it is.
_WIDER = {"numeric": {"bigint", "double precision"}, "double precision": {"bigint", "numeric"}}
_MOST = 1_000_000


def answer_arrays(source: RowSource, ask: Callable[[Question], pa.Table]) -> list[str]:
    """Ask the questions of a row source, and give its columns as arrays.

    Args:
        source: The row source.
        ask: Answers a question.

    Raises:
        MetricsStoreError: A question is wrong or cannot be answered.
    """
    columns: dict[str, list[object]] = {name: [] for name in source.types}
    if source.is_empty:
        return [_array([]) for _ in columns]
    if source.saved_query is not None:
        [(_, _, question)] = source.questions()
        _check_and_add(source, columns, _saved(source, ask(question)))
        return [_array(column) for column in columns.values()]
    sets: dict[tuple[str, ...], list[tuple[int, pa.Table]]] = {}
    # Of two equal grouping sets each has its rows.
    order: list[tuple[str, ...]] = []
    for keys, number, question in source.questions():
        if number == source.numbers[0]:
            order.append(keys)
        if keys not in sets or all(number != known for known, _ in sets[keys]):
            sets.setdefault(keys, []).append((number, ask(question)))
    for keys in order:
        _check_and_add(source, columns, _of_set(source, keys, sets[keys]))
    if len(next(iter(columns.values()))) > _MOST:
        raise inexpressible("the statement asks for too many rows", source.table)
    return [_array(column) for column in columns.values()]


def _saved(source: RowSource, table: pa.Table) -> dict[str, pa.ChunkedArray]:
    at = {name.lower(): number for number, name in enumerate(table.column_names)}
    wanted = {**source.keys, **{name: metric for name, (metric, _) in source.values.items()}}
    try:
        return {name: table.column(at[said.lower()]) for name, said in wanted.items()}
    except KeyError as error:
        raise UnavailableError("a saved query has other columns than it had") from error


def _of_set(
    source: RowSource, keys: tuple[str, ...], answers: Sequence[tuple[int, pa.Table]]
) -> dict[str, list[object]]:
    """Give the rows of one grouping set: the answers under each filter side by side."""
    names: dict[int, list[str]] = {
        number: [name for name, (_, of) in source.values.items() if of == number]
        for number, _ in answers
    }
    if len(answers) == 1:
        [(number, table)] = answers
        found: dict[str, object] = {
            name: table.column(at) for at, name in enumerate([*keys, *names[number]])
        }
        rows = table.num_rows
    else:
        joined: dict[tuple[object, ...], dict[str, object]] = {}
        for number, table in answers:
            groups = [table.column(at).to_pylist() for at in range(len(keys))]
            values = [table.column(len(keys) + at).to_pylist() for at in range(len(names[number]))]
            for row in range(table.num_rows):
                group = tuple(column[row] for column in groups)
                known = joined.setdefault(group, {})
                for name, column in zip(names[number], values, strict=True):
                    known[name] = column[row]
        rows = len(joined)
        found = {key: [group[at] for group in joined] for at, key in enumerate(keys)}
        for name in source.values:
            found[name] = [known.get(name) for known in joined.values()]
    for flag, key in source.flags.items():
        found[flag] = [0 if key in keys else 1] * rows
    nothing: list[object] = [None] * rows
    return {name: found.get(name, nothing) for name in source.types}  # type: ignore[misc]


def _check_and_add(source: RowSource, columns: dict[str, list[object]], found: object) -> None:
    assert isinstance(found, dict)  # noqa: S101 - for the type checker
    for name, column in found.items():
        if isinstance(column, list):
            columns[name].extend(column)
            continue
        declared, given = source.types[name], postgres_type(column.type)
        fits = declared in (given, TEXT) or given in _WIDER.get(declared, ())
        if not fits and column.null_count < len(column):
            whole = given in ("numeric", "double precision") and declared == "bigint"
            if not whole and (declared, given) != ("timestamp without time zone", "date"):
                raise UnavailableError("the types of columns have changed", remedy="connect anew")
        columns[name].extend(column.to_pylist())


def _array(values: Iterable[object]) -> str:
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: object) -> str:
    match value:
        case None:
            return "NULL"
        case bool():
            return "t" if value else "f"
        case dt.datetime():
            return f'"{value.isoformat(" ")}"'
        case int() | dt.date():
            return str(value)
        case float():
            return repr(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
