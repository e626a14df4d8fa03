"""Questions made at random, answered from roll-ups and from the rows beneath them."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from comparison.answer_values import difference

from differential.generated_questions import QuestionMaker
from differential.worlds import days_of, make_world, read_tables
from metamorphic.row_policies import ROW_RULES, shows_rows
from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import SEMANTIC_MANIFEST
from metrics_store.project.profile import load_target
from metrics_store.query.forms.request_form import QuestionForm, read_form
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.query.planner import Planner
from metrics_store.warehouse.live_warehouse import find_live_warehouse
from projects import TARGETS

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from metrics_store.engine.answer import Answer
    from metrics_store.query.metric_request import MetricRequest
    from projects import SmallProject

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("rollup_market")]

QUESTIONS = int(os.environ.get("DIFFERENTIAL_QUESTIONS", "16"))
FIRST = int(os.environ.get("DIFFERENTIAL_FIRST", "0"))
# The plans are the same on both engines but for their SQL; the long form asks both.
WAREHOUSES = [*TARGETS] if "DIFFERENTIAL_QUESTIONS" in os.environ else ["duckdb"]

# What the roll-ups store, some of it in one and some in another, and what none of them does.
AMONG = frozenset(
    {
        "revenue",
        "average_order",
        "paid_share",
        "largest_order",
        "smallest_order",
        "orders_paid",
        "orders_placed",
        "web_share",
        "buyers",
        "revenue_growth",
        "revenue_month_to_date",
        "revenue_7_days",
        "revenue_7_days_average",
        "revenue_per_buyer",
        "revenue_every_day",
        "stock",
        "stock_at_start",
        "stock_change",
        "stock_of_apples",
        "metric_time",
        "customer",
        "customer__region",
        "customer__agent__team",
        "order__channel",
        "order__status",
        "shelf_day__store",
        "shelf_day__item",
    }
)


@pytest.mark.parametrize("policies", ["nobody is limited", "rows by policy"])
@pytest.mark.parametrize("warehouse", WAREHOUSES)
def test_rollups_answer_as_the_rows_beneath_them(
    warehouse: str,
    policies: str,
    rollup_market: SmallProject,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project = rollup_market.copy(tmp_path / "market")
    if policies == "rows by policy":
        rules = shows_rows(ROW_RULES["market_project"])
        (project.directory / "access.yml").write_text(rules, encoding="utf-8")
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    maker = _question_maker(project)
    target = load_target(project.directory, TARGETS[warehouse])
    engines = [Engine(target, EngineSettings(rollups=rollups)) for rollups in (False, True)]
    counts: Counter[str] = Counter()
    wrong = []
    try:
        # Policies refuse most questions, which then tell little.
        for number in range(FIRST, FIRST + 10 * QUESTIONS):
            if counts.total() - counts["refused"] >= QUESTIONS // 2:
                break
            question = maker.make(f"rollups {number}")
            request = read_form(QuestionForm, question).request()
            right, found = (_answer(engine, request) for engine in engines)
            if isinstance(right, str) or isinstance(found, str):
                counts["refused"] += 1
                differs = None if right == found else f"{found}, not {right}"
            else:
                counts["from roll-ups" if found.rollups else "from rows"] += 1
                differs = _difference(found.table, right.table)
            if differs:
                wrong.append(f"{number}: {question}: {differs}")
    finally:
        for engine in engines:
            engine.close()
    assert wrong == []
    assert counts["from roll-ups"] >= QUESTIONS // 16, counts


def _question_maker(project: SmallProject) -> QuestionMaker:
    live = find_live_warehouse(load_target(project.directory, "duckdb"))
    assert live.database is not None
    manifest = read_semantic_manifest(live.artifacts / SEMANTIC_MANIFEST)
    tables = read_tables(live.database, manifest)
    built = make_world("market", tables, 0).in_duckdb()
    return QuestionMaker(Planner(manifest, "duckdb"), built, days_of(tables), AMONG)


def _answer(engine: Engine, request: MetricRequest) -> Answer | str:
    try:
        return engine.answer(request, LOCAL)
    except MetricsStoreError as error:
        return str(error)


def _difference(found: pa.Table, right: pa.Table) -> str | None:
    if found.schema.types != right.schema.types:
        return f"types {found.schema.types}, not {right.schema.types}"
    rows, others = ([tuple(row.values()) for row in table.to_pylist()] for table in (found, right))
    return difference(rows, others)
