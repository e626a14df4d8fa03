"""Statements are told apart as PostgreSQL tells them apart, and read only."""

from __future__ import annotations

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.selects.statements import Kind, read_statement, split_statements


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" ; ;", []),
        ("-- nothing; here\n", []),
        ("select 1", ["select 1"]),
        ("select 1; select 2;", ["select 1", " select 2"]),
        ("select ';' ; select \";\"", ["select ';' ", ' select ";"']),
        (r"select E'\';' ; x", [r"select E'\';' ", " x"]),
        (r"select '\'; select 2", [r"select '\'", " select 2"]),
        ("select $$ ; $$; select $a$ $$ ; $a$", ["select $$ ; $$", " select $a$ $$ ; $a$"]),
        ("select /* ; /* ; */ ; */ 1; b", ["select /* ; /* ; */ ; */ 1", " b"]),
        ("select 1 -- ;\n; b", ["select 1 -- ;\n", " b"]),
    ],
)
def test_statements_are_split(text: str, parts: list[str]) -> None:
    assert split_statements(text) == parts


@pytest.mark.parametrize("text", ["select 'a", 'select "a', "select /* a", "select /* /* */"])
def test_what_has_no_end_is_refused(text: str) -> None:
    with pytest.raises(MetricsStoreError, match="no end"):
        split_statements(text)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        (" select 1 ", "select 1"),
        ("(select 1) union select 2", "(select 1) union select 2"),
        ("declare c scroll cursor with hold for select 1", "select 1"),
        ("copy (select (1)) to stdout with (format csv)", "select (1)"),
        ("explain (analyze, costs off) select 1", "select 1"),
        ("EXPLAIN ANALYZE VERBOSE select 1", "select 1"),
        (
            "/* a tool */ with x as (select 1) select * from x",
            "with x as (select 1) select * from x",
        ),
    ],
)
def test_the_query_of_a_statement(text: str, query: str) -> None:
    statement = read_statement(text)
    assert (statement.kind, statement.query) == (Kind.QUERY, query)
    assert statement.around(query) == text


@pytest.mark.parametrize(
    "text",
    [
        "begin", "COMMIT", "set search_path to metrics", "show all", "discard all",
        "fetch 3 from c", "set transaction read only", "deallocate all", "unlisten *",
        "reset all", "close all",
    ],
)  # fmt: skip
def test_what_does_no_harm_goes_on(text: str) -> None:
    assert read_statement(text).kind is Kind.HARMLESS


@pytest.mark.parametrize(
    "text",
    [
        "insert into t values (1)", "explain analyze delete from t", "copy t to stdout",
        "copy t from stdin", "copy (select 1) to program 'x'", "copy (select 1) from stdin",
        "set role x", "set local role x", "reset role", "set session authorization x",
        'set "session_authorization" = x', "set standard_conforming_strings = off", "do 'x'",
        "call f()", "listen x", "notify x", "lock t", "vacuum", "load 'x'",
        "alter system set x = 1", "x", "'select'",
        "declare c cursor for delete from t", "prepare p as insert into t values (1)",
    ],
)  # fmt: skip
def test_all_else_is_refused(text: str) -> None:
    with pytest.raises(MetricsStoreError):
        read_statement(text)
