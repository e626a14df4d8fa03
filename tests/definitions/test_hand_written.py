"""The questions of the benchmark have the values of the SQL that was written by hand for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from comparison.answer_values import difference
from comparison.written_questions import read_questions

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("engine", ["duckdb", "postgres"])
def test_kpis_have_the_values_of_sql_by_hand(engine: str, demo_project: BuiltProject) -> None:
    store = demo_project.stores[engine]
    [facts] = [
        model.node_relation
        for model in store.planner.manifest.semantic_models
        if model.name == "opportunities"
    ]
    questions = read_questions("sales", engine)
    assert len(questions) > 20
    for question in questions:
        by_hand = question.sql.replace("marts.", f"{facts.schema_name}.")
        found, right = (
            # PostgreSQL calls several columns by one name.
            list(zip(*(column.to_pylist() for column in store.read(sql).columns), strict=True))
            for sql in (store.planner.plan(question.request), by_hand)
        )
        assert len(right) > 0
        assert difference(found, right) is None, question.name
