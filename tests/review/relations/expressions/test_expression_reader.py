import pytest

from metrics_store.review.relations import (
    condition_fingerprint,
    expression_fingerprint,
    source_relation,
)
from review.relations.sql_meaning import read

DEALS = read("select id, amount, won from deals")


def of(expression: str) -> str:
    return expression_fingerprint(expression, DEALS, "duckdb")


def test_a_bare_column_is_the_column() -> None:
    assert of("Amount") == DEALS.column("AMOUNT") == of("(amount)")


def test_spelling_of_an_expression_is_nothing() -> None:
    assert of("case when won then amount end") == of("CASE WHEN (won) THEN amount END -- won")
    assert of("amount > 3 and won") == of("won and 3 < amount")


@pytest.mark.parametrize("other", ["amount", "id", "case when won then id end", "won", "1"])
def test_another_expression_is_told_apart(other: str) -> None:
    assert of("case when won then amount end") != of(other)


def test_text_that_is_no_sql_counts_with_all_of_the_relation() -> None:
    assert of("amount +* won (") != of("amount +* id (")
    other = read("select id, amount + 1 as amount, won from deals")
    assert of("amount +* (") != expression_fingerprint("amount +* (", other, "duckdb")
    assert of("amount +* (") == of("amount  +*  ( ")


def test_a_condition_is_made_of_what_its_names_mean() -> None:
    names = {"a": "one", "b": "two", "t.c": "three"}

    def of_names(condition: str, meant: dict[str, str] = names) -> str:
        return condition_fingerprint(condition, lambda name: meant[name], "duckdb")

    assert of_names("a = 1 and T.c") == of_names("t.C AND (1 = a)")
    assert of_names("a = 1") != of_names("b = 1")
    assert of_names("a = 1") == of_names("z = 1", {"z": "one"})
    assert of_names("a in ('x', 'y')") == of_names("a IN ('y', 'x')")
    assert of_names("a = 'x'") != of_names("a = 'X'")


def test_a_source_has_any_column_and_a_known_relation_has_its_own() -> None:
    source = source_relation("one")
    assert source.column("a") != source.column("b")
    assert source.column("a") == source_relation("one").column("A")
    assert source.column("a") != source_relation("two").column("a")
    assert DEALS.column("nothing") != read("select id, won from deals").column("nothing")


def test_fingerprints_are_the_same_in_every_process() -> None:
    """A change here needs a new name of the algorithm: kept fingerprints are of another one."""
    found = condition_fingerprint("a = 1", lambda name: name, "duckdb")
    assert len(found) == 64
    assert set(found) <= set("0123456789abcdef")


def test_a_new_column_leaves_the_others_alone() -> None:
    text = "select id, {} sum(amount) over (order by day) as s from deals where won"
    before, after = read(text.format("")), read(text.format("owner || 'x' as o,"))
    assert before.rows == after.rows
    assert before.whole != after.whole
    assert {name: after.columns[name] for name in before.columns} == dict(before.columns)
    assert list(after.columns) == ["id", "o", "s"]


def test_a_filter_changes_rows_and_what_looks_at_many_of_them() -> None:
    text = "select id, amount, sum(amount) over () as s from deals {}"
    before, after = read(text.format("")), read(text.format("where won"))
    assert before.rows != after.rows
    assert before.columns["amount"] == after.columns["amount"]
    assert before.columns["s"] != after.columns["s"]


@pytest.mark.parametrize("sql", ["select (", "drop table deals", "select columns('a') from deals"])
def test_what_is_not_understood_counts_as_a_whole(sql: str) -> None:
    found = read(sql)
    assert found.whole == read(f"{sql}  -- a comment").whole
    assert found.whole != read(f"{sql} x").whole
    assert found.column("a") != found.column("b")
