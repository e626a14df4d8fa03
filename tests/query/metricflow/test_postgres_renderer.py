"""SQL whose names are words of SQL, and orders that both engines read alike."""

from __future__ import annotations

import re

import pytest

from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.planner import Planner
from query.corrections.manifests import manifest


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
@pytest.mark.parametrize("word", ["user", "order", "group"])
def test_words_of_sql_stand_in_quotes(dialect: str, word: str) -> None:
    content = manifest().json().replace('"account"', f'"{word}"')
    request = MetricRequest(
        ["flows", "flows_month_before"],
        ["metric_time__month", word],
        where=parse_filter(f"{word} in (1, 2)"),
    )
    sql = Planner(parse_semantic_manifest(content), dialect).plan(request)
    # Lower-case letters are the project's; MetricFlow's own words of SQL have capitals.
    assert re.findall(rf'(?<!")\b{word}\b(?!")', sql) == []
    assert f'"{word}"' in sql


def test_what_is_unknown_comes_last_on_both_engines() -> None:
    request = MetricRequest(["flows"], ["balance__region"], order_by=["-flows", "balance__region"])
    sql = {name: Planner(manifest(), name).plan(request) for name in ("duckdb", "postgres")}
    assert "ORDER BY flows DESC NULLS LAST, balance__region" in sql["postgres"]
    # Its own default.
    assert "ORDER BY flows DESC, balance__region" in sql["duckdb"]
