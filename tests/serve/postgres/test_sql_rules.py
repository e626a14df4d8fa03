"""Each rule of SQL over metrics: the rows of a question, the rows of other SQL, or a refusal."""

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
    from serve.postgres.conftest import Opened

pytestmark = pytest.mark.xdist_group("corpus")

RULES: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "sql_rules.yml").read_text(encoding="utf-8")
)
# What PostgreSQL itself refuses.
_OWN_STATES = {"0A000", "42000", "42501", "42P01"}


def rows(connection: psycopg.Connection, sql: str, *, prepare: bool = False) -> list[Any]:
    found = connection.execute(sql.encode(), prepare=prepare).fetchall()
    return [tuple(map(plain, row)) for row in found]


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("prepare", [False, True], ids=["simple", "prepared"])
def test_rules(
    name: str,
    prepare: bool,  # noqa: FBT001 - a parameter of the test
    interface: Opened,
    connection: psycopg.Connection,
) -> None:
    rule = RULES[name]
    if rule.get("refused"):
        with pytest.raises(psycopg.Error) as error:
            rows(connection, rule["sql"], prepare=prepare)
        assert rule["refused"] in str(error.value)
        assert error.value.sqlstate in _OWN_STATES
        # The session goes on.
        assert rows(connection, "select 1") == [(1.0,)]
        return
    found = rows(connection, rule["sql"], prepare=prepare)
    if "asks" in rule:
        asked = dict(rule["asks"])
        where = read_conditions(asked.pop("where", ()))
        table = interface.engine.answer(MetricRequest(**asked, where=where), LOCAL).table
        right = [tuple(map(plain, row.values())) for row in table.to_pylist()]
    elif "like" in rule:
        right = rows(connection, rule["like"])
    elif "gives" in rule:
        right = [tuple(map(plain, row)) for row in rule["gives"]]
    else:
        return
    assert right or rule.get("gives") == []
    assert sorted(map(repr, found)) == sorted(map(repr, right))
