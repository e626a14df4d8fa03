"""What tools send when they connect and draw: each statement gives what it must, or is refused.

The statements have the shapes of those that the tools send, over the market. `asks`: the rows are
those of that question. `like`: the rows are those of that SQL. `gives`: the rows themselves, or
none where there is nothing to look at. `has`: a row has these values, in this order. `has_words`:
a row has these words. `rows: any`: it is answered. `refused`: words of the error, `state` its
SQLSTATE.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import yaml

from corpus.answers import plain
from metrics_store.access.principal import LOCAL
from metrics_store.query.forms.request_form import read_conditions
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from serve.postgres.conftest import Opened

pytestmark = pytest.mark.xdist_group("corpus")

TOOLS: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((Path(__file__).parent / "tool_statements").glob("*.yml"))
}
STATEMENTS: dict[tuple[str, str], dict[str, Any]] = {
    (tool, name): {"prepared": of_tool["prepared"], **statement}
    for tool, of_tool in TOOLS.items()
    for name, statement in of_tool["statements"].items()
}


@pytest.fixture
def cursor(connection: psycopg.Connection) -> psycopg.RawCursor[Any]:
    """Give a cursor that sends parameters as `$1`, as drivers do."""
    return psycopg.RawCursor(connection)


def sent(
    cursor: psycopg.RawCursor[Any],
    sql: str,
    parameters: list[Any] | None = None,
    *,
    prepared: bool = False,
) -> list[tuple[object, ...]]:
    """Give the rows of the last statement of a text that has any."""
    cursor.execute(sql.encode(), parameters, prepare=prepared)
    found: list[tuple[object, ...]] = []
    while True:
        if cursor.description is not None:
            found = [tuple(map(shown, row)) for row in cursor.fetchall()]
        if not cursor.nextset():
            return found


def shown(value: object) -> object:
    """Give a value of a question, or of the catalogue, which has lists and documents too."""
    return str(value) if isinstance(value, list | dict) else plain(value)


def has(row: tuple[object, ...], values: Iterable[object]) -> bool:
    """Whether values stand in a row, in their order."""
    left = iter(row)
    return all(any(one == wanted for one in left) for wanted in values)


def right_rows(
    statement: dict[str, Any], interface: Opened, cursor: psycopg.RawCursor[Any]
) -> list[tuple[object, ...]]:
    if "gives" in statement:
        return [tuple(map(plain, row)) for row in statement["gives"]]
    if "like" in statement:
        rows = sent(cursor, statement["like"])
    else:
        asked = dict(statement["asks"])
        where = read_conditions(asked.pop("where", ()))
        table = interface.engine.answer(MetricRequest(**asked, where=where), LOCAL).table
        rows = [tuple(map(plain, row.values())) for row in table.to_pylist()]
    assert rows
    return rows


@pytest.mark.parametrize(("tool", "name"), STATEMENTS)
def test_statements_of_tools(
    tool: str, name: str, interface: Opened, cursor: psycopg.RawCursor[Any]
) -> None:
    statement = STATEMENTS[tool, name]
    prepared = statement["prepared"]
    if "refused" in statement:
        with pytest.raises(psycopg.Error, match=statement["refused"]) as error:
            sent(cursor, statement["sql"], statement.get("parameters"), prepared=prepared)
        assert error.value.sqlstate == statement["state"]
        # The session goes on.
        assert sent(cursor, "select 1") == [(1.0,)]
        return
    if statement.get("begins"):
        cursor.execute("begin")
    found = sent(cursor, statement["sql"], statement.get("parameters"), prepared=prepared)
    if statement.get("gives") == "none" or statement.get("rows") == "any":
        return
    if "has" in statement:
        wanted = tuple(map(plain, statement["has"]))
        assert any(has(row, wanted) for row in found), found
    elif "has_words" in statement:
        assert any(statement["has_words"] in str(one) for row in found for one in row), found
    else:
        right = right_rows(statement, interface, cursor)
        assert sorted(map(repr, found)) == sorted(map(repr, right))


def test_there_are_statements_of_every_tool() -> None:
    """150 at least, of which each tool has questions about metrics that are compared."""
    assert len(STATEMENTS) >= 150
    for tool in TOOLS.values():
        assert sum("asks" in one for one in tool["statements"].values()) >= 2
