"""The app works no number out: it asks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "app").rglob("*.py"))
ENGINE = sorted((ROOT / "src/metrics_store/app").rglob("*.py"))
# They reckon with days, and with where bars of a chart begin; neither knows a value.
EXEMPT = {"date_ranges.py", "comparison.py", "waterfall.py", "theme.py"}
OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
# Of pandas, Arrow, Python and Vega-Lite.
AGGREGATES = {
    "agg",
    "aggregate",
    "cumsum",
    "diff",
    "divide",
    "fmean",
    "fsum",
    "groupby",
    "group_by",
    "mean",
    "median",
    "multiply",
    "pct_change",
    "pivot_table",
    "quantile",
    "resample",
    "subtract",
    "sum",
    "transform_aggregate",
    "transform_calculate",
    "transform_joinaggregate",
    "transform_window",
}


def _reckonings(code: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(code)):  # noqa: TID251 - one thread
        match node:
            case ast.BinOp(left, operator, right) if isinstance(operator, OPERATORS):
                if not _is_of_days(left, right) and not _is_text(left, right):
                    found.append(ast.unparse(node))
            case ast.AugAssign(target, operator, value) if isinstance(operator, OPERATORS):
                if not isinstance(value, ast.List | ast.ListComp | ast.Constant):
                    found.append(ast.unparse(target))
            case ast.UnaryOp(ast.USub(), operand) if not isinstance(operand, ast.Constant):
                found.append(ast.unparse(node))
            case ast.Call(ast.Name(name) | ast.Attribute(attr=name)) if name in AGGREGATES:
                found.append(ast.unparse(node))
    return found


def _is_of_days(left: ast.expr, right: ast.expr) -> bool:
    """Whether two days, or a day and some days, are reckoned with, or columns are told apart."""
    text = f"{ast.unparse(left)} {ast.unparse(right)}"
    words = ("_ONE_DAY", "_ONE_WEEK", ".year", "days.last", "number")
    return any(word in text for word in words)


def _is_text(*parts: ast.expr) -> bool:
    return any(
        isinstance(one, ast.JoinedStr)
        or (isinstance(one, ast.Constant) and isinstance(one.value, str))
        or (isinstance(one, ast.BinOp) and _is_text(one.left, one.right))
        for one in parts
    )


@pytest.mark.parametrize(
    "path",
    [one for one in (*PAGES, *ENGINE) if one.name not in EXEMPT],
    ids=lambda one: str(one.relative_to(ROOT)),
)
def test_no_value_is_worked_out(path: Path) -> None:
    assert _reckonings(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "won / closed",
        "frame['a'] - frame['b']",
        "total += row['open_pipeline']",
        "sum(values)",
        "frame.groupby('stage').agg('sum')",
        "-frame['lost']",
        "pc.divide(a, b)",
    ],
)
def test_reckonings_are_found(code: str) -> None:
    assert _reckonings(code)


def test_the_engine_s_part_knows_nothing_of_sales() -> None:
    words = ("opportunit", "pipeline", "deal", "quota", "crm", "win_rate", "salesforce")
    for path in ENGINE:
        text = path.read_text(encoding="utf-8").lower()
        assert [word for word in words if word in text] == [], path
