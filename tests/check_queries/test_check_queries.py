"""Every question has the rows of its check query on both engines, or is refused by name."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
import yaml

from check_queries.check_cases import QUESTIONS, Question
from corpus.answers import Refusal, Rows, by_value, differs, of_table
from metrics_store.errors import MetricsStoreError
from projects import BIKES_PROJECT

if TYPE_CHECKING:
    import duckdb

    from metrics_store.client.connection import Connection

pytestmark = pytest.mark.xdist_group("bikes")

ANSWERED = [one for one in QUESTIONS if one.rows is not None]
REFUSED = [one for one in QUESTIONS if one.refused is not None]


def named(question: Question) -> str:
    return question.name


def _right(question: Question, judge: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> Rows:
    table = judge.sql(question.rows or "").to_arrow_table()
    return Rows(columns, of_table(table.rename_columns(list(columns))).values)


@pytest.mark.parametrize("question", ANSWERED, ids=named)
def test_the_rows_are_those_of_the_check_query(
    question: Question,
    store: Connection,
    judge: duckdb.DuckDBPyConnection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    found = of_table(store.query(**question.asked).table)
    right = _right(question, judge, found.columns)
    if not question.is_ordered:
        found, right = by_value(found), by_value(right)
    assert differs(found, right, exactly=False) is None, (found, right)
    # Whoever asks sees what is logged as an error, and here none is one.
    assert [one.message for one in caplog.records if one.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("question", REFUSED, ids=named)
def test_what_has_no_right_answer_is_refused_by_name(question: Question, store: Connection) -> None:
    with pytest.raises(MetricsStoreError) as refused:
        store.query(**question.asked)
    assert question.refused is not None
    assert question.refused in str(refused.value)
    assert refused.value.remedy


def test_the_questions_are_of_every_metric() -> None:
    manifest = yaml.safe_load(
        (BIKES_PROJECT / "models" / "metrics.yml").read_text(encoding="utf-8")
    )
    answered = {name for one in ANSWERED for name in one.asked.get("metrics", ())}
    assert {metric["name"] for metric in manifest["metrics"]} - answered == set()
    assert len(QUESTIONS) >= 250


def test_a_wrong_row_is_noticed(store: Connection, judge: duckdb.DuckDBPyConnection) -> None:
    question = next(one for one in ANSWERED if one.name == "simple.fees_by_kind")
    found = by_value(of_table(store.query(**question.asked).table))
    other = next(one for one in ANSWERED if one.name == "simple.rides_by_kind")
    assert isinstance(found, Rows)
    assert not isinstance(found, Refusal)
    right = by_value(_right(other, judge, found.columns))
    assert differs(found, right, exactly=False) is not None
