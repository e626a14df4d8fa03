"""Reports choose rows, join exports and put labels on them; no KPI is made in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import sqlglot
from sqlglot import exp

if TYPE_CHECKING:
    from definitions.warehouses import BuiltProject

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

REPORTS, READABLE = "models/reports/", ("models/exports/", "models/reports/")
# What makes a new number of others. A window may number rows, in order to choose among them.
AGGREGATES = (exp.AggFunc, exp.Group, exp.Having)
ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod, exp.Pow, exp.Neg)
# Aggregates that sqlglot does not know by class.
OTHER_AGGREGATES = {"list", "string_agg", "total", "fsum", "regr_slope", "product", "mode"}


def _is_shown_percent(node: exp.Expression) -> bool:
    """Whether it multiplies by 100 inside a cast to text: a fraction as people read it."""
    is_percent = (
        isinstance(node, exp.Mul) and isinstance(node.expression, exp.Literal)
    ) and node.expression.this == "100"
    cast = node.find_ancestor(exp.Cast)
    while cast is not None and not cast.is_type("text"):
        cast = cast.find_ancestor(exp.Cast)
    return is_percent and cast is not None


def _is_a_negative_literal(node: exp.Expression) -> bool:
    return isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal)


def _moves_a_date(node: exp.Expression) -> bool:
    moved = node.expression if isinstance(node, exp.Add | exp.Sub) else None
    return isinstance(moved, exp.Interval) or (
        isinstance(moved, exp.Cast) and moved.is_type("interval")
    )


def _draws_an_edge(node: exp.Expression) -> bool:
    """Whether it is compared in the condition of a CASE: a label goes by it, and no more."""
    compared = node.find_ancestor(exp.GT, exp.GTE, exp.LT, exp.LTE)
    condition = compared.find_ancestor(exp.If) if compared else None
    return condition is not None and condition.this.find(type(compared)) is not None


def _makes_a_number(node: exp.Expression) -> bool:
    if isinstance(node, exp.Window):
        # What is numbered is no number of the business.
        return not isinstance(node.this, exp.RowNumber | exp.Rank | exp.DenseRank)
    if isinstance(node, exp.Anonymous):
        return node.name.lower() in OTHER_AGGREGATES
    if isinstance(node, ARITHMETIC):
        harmless = (_is_shown_percent, _is_a_negative_literal, _moves_a_date, _draws_an_edge)
        return not any(is_harmless(node) for is_harmless in harmless)
    return isinstance(node, AGGREGATES)


def kpi_arithmetic(statement: str, dialect: str) -> list[str]:
    """Give every part of a statement that makes a number out of others."""
    parsed = sqlglot.parse_one(statement, dialect=dialect)
    return [node.sql() for node in parsed.walk() if _makes_a_number(node)]


def _manifest(project: BuiltProject, engine: str) -> dict[str, Any]:
    path = project.stores[engine].semantic_manifest.with_name("manifest.json")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def _reports(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["original_file_path"].startswith(REPORTS)
    }


@BOTH
def test_reports_make_no_numbers(engine: str, demo_project: BuiltProject) -> None:
    reports = _reports(_manifest(demo_project, engine))
    assert "m_pipeline_health" in reports
    found = {
        name: kpi_arithmetic(report["compiled_code"], engine) for name, report in reports.items()
    }
    assert not {name: parts for name, parts in found.items() if parts}


@BOTH
def test_reports_read_exports_only(engine: str, demo_project: BuiltProject) -> None:
    manifest = _manifest(demo_project, engine)
    for name, report in _reports(manifest).items():
        parents = [
            (manifest["nodes"].get(parent) or manifest["sources"][parent])["original_file_path"]
            for parent in report["depends_on"]["nodes"]
        ]
        assert parents, name
        assert all(parent.startswith(READABLE) for parent in parents), (name, parents)
        # Relations written out by name would hide from dbt what is read.
        tables = sqlglot.parse_one(report["compiled_code"], dialect=engine).find_all(exp.Table)
        schemas = {table.db.rpartition("_")[2] for table in tables if table.db}
        assert schemas <= {"exports", "reports"}, (name, schemas)


@pytest.mark.parametrize(
    "part",
    [
        "sum(amount)",
        "count(*)",
        "avg(amount)",
        "max(amount)",
        "string_agg(name, ',')",
        "sum(amount) over (order by month)",
        "lag(amount) over (order by month)",
        "won / nullif(closed, 0)",
        "won / closed",
        "amount * probability",
        "rate * 100",
        "won - lost",
        "won + lost",
        "-amount",
        "cast(won * 10 as text)",
        "case when won > lost then won - lost end",
    ],
)
@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_the_walk_finds(part: str, dialect: str) -> None:
    assert kpi_arithmetic(f"with a as (select {part} as x from b) select * from a", dialect)


@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_the_walk_finds_groups(dialect: str) -> None:
    assert kpi_arithmetic("select month from a group by month", dialect)


@pytest.mark.parametrize(
    "part",
    [
        "cast(month as date)",
        "substring(cast(month as text), 1, 7)",
        "case when score >= 80 then 'Excellent' end",
        "cast(round(cast(rate as decimal(28, 10)) * 100, 1) as text) || ' %'",
        "least(a, b)",
        "case when upper - forecast > 0.5 * forecast then 'High' end",
        "month + interval '1 month'",
        "month + cast('1 month' as interval)",
        "case when growth > -1 then 'some' end",
        "row_number() over (partition by dimension order by month desc)",
    ],
)
@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
def test_the_walk_lets_labels_pass(part: str, dialect: str) -> None:
    assert not kpi_arithmetic(f"select {part} as x from a", dialect)
