"""A condition is cut where an AND holds for the whole of it, and nowhere else."""

from __future__ import annotations

import pytest

from metrics_store.query.corrections.conjuncts import conjuncts


@pytest.mark.parametrize(
    ("condition", "parts"),
    [
        ("a = 1", ["(a = 1)"]),
        ("a = 1 AND b = 2", ["(a = 1)", "(b = 2)"]),
        ("((a = 1 and (b = 2 AND c)))", ["(a = 1)", "(b = 2)", "(c)"]),
        ("(a) AND (b OR c)", ["(a)", "(b OR c)"]),
        ("a AND b OR c", ["(a AND b OR c)"]),
        ("NOT (a AND b) AND c", ["(NOT (a AND b))", "(c)"]),
        ("a BETWEEN 1 AND 2 AND b", ["(a BETWEEN 1 AND 2)", "(b)"]),
        ("a BETWEEN 1 AND 2", ["(a BETWEEN 1 AND 2)"]),
        ("CASE WHEN a AND b THEN c END AND d", ["(CASE WHEN a AND b THEN c END)", "(d)"]),
        ("a = 'x AND y' AND \"b AND c\" = 2", ["(a = 'x AND y')", '("b AND c" = 2)']),
        ("a IN (SELECT b FROM c WHERE d AND e) AND f", None),
        ("a = __literal_0_day__ AND b", ["(a = __literal_0_day__)", "(b)"]),
    ],
)
def test_where_it_is_cut(condition: str, parts: list[str] | None) -> None:
    found = [text for text, _ in conjuncts(condition)]
    assert found == (parts or ["(a IN (SELECT b FROM c WHERE d AND e))", "(f)"])


def test_its_words_are_not_in_its_texts() -> None:
    [(_, words)] = conjuncts("\"Metric_Time__Day\" = 'region'")
    assert "metric_time__day" in words
    assert "region" not in words


def test_what_is_not_understood_stays_whole() -> None:
    [(text, words)] = conjuncts("a = 'never closed AND b")
    assert text == "a = 'never closed AND b"
    assert {"a", "b"} <= words
