"""The slippage reports say what MetricFlow and the oracle say, row by row, on both engines."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from definitions.conftest import DEMO_VARIABLES
from definitions.reporting import Row, Rows, answers, keyed, owner_labels, report, unlike

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from definitions.forked_dbt import ForkedDbt
    from definitions.warehouses import BuiltProject
    from oracle.pipeline import PipelineOracle

pytestmark = pytest.mark.xdist_group("demo")
BOTH = pytest.mark.parametrize("engine", ["duckdb", "postgres"])

QUARTER = "metric_time__fiscal_quarter"
RUNNING_QUARTER = date(2024, 11, 1)
DUE = (
    "due_opportunity_count",
    "slipped_opportunity_count",
    "slippage_rate",
    "due_amount",
    "slipped_amount",
    "slippage_rate_amount",
)
SUMS_OF_CHANGES = ("pushed_count", "pushed_amount", "pulled_in_amount")
METRICS = (*DUE, *SUMS_OF_CHANGES, "average_days_pushed")
KINDS = ("slipped_opportunity_count", "slipped_amount")
IN_TEXT = tuple({*METRICS} - {"due_amount", "pushed_amount", "pulled_in_amount"})
# The store's names and the oracle's.
SLICES = {
    "owner": ("owner__owner_label", "owner"),
    "stage": ("stage__stage_name", "stage_name"),
    "industry": ("account__industry", "account__industry"),
}
KEY = ("fiscal_quarter", "dimension_type", "dimension")


def _row(quarter: date, metrics: Mapping[str, Any], *slice_of: str) -> Row:
    """The metrics of a quarter, and of a slice of it."""
    return {
        "fiscal_quarter": quarter,
        "is_provisional": quarter == RUNNING_QUARTER,
        **dict(zip(("dimension_type", "dimension"), slice_of, strict=bool(slice_of))),
        **metrics,
    }


def _level(rate: float | None) -> str:
    if rate is None:
        return "Unknown"
    return "High" if rate > 0.3 else "Medium" if rate > 0.15 else "Low"


def _whole(number: object) -> str:
    exact = Decimal(str(number)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return str(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _insight(row: Row) -> str:
    happened = "Nothing was due"
    if row["due_opportunity_count"]:
        slipped, due = (
            _whole(row["slipped_opportunity_count"]),
            _whole(row["due_opportunity_count"]),
        )
        happened = f"{slipped} of {due} due opportunities slipped"
        happened += f" ({_whole(float(row['slippage_rate']) * 100)} %)"
        happened += " so far" if row["is_provisional"] else ""
    pushes = "no pushes"
    if row["pushed_count"]:
        days = _whole(row["average_days_pushed"])
        pushes = f"pushes: {_whole(row['pushed_count'])}, by {days} days on average"
    return f"{happened}; {pushes}."


def _recommendation(level: str, *, is_provisional: bool) -> str:
    if level == "Unknown":
        return "Nothing was due: check that open opportunities have close dates."
    if level == "Low":
        return "No action needed so far." if is_provisional else "No action needed."
    if is_provisional:
        return (
            "Confirm the close dates of all that is still due in the quarter with their owners now."
        )
    if level == "Medium":
        return "Ask owners why their opportunities slipped, and watch the next quarter."
    return (
        "Review each slipped opportunity with its owner; set close dates that the buyer confirmed."
    )


def _with_level(row: Row) -> Row:
    return {**row, "slippage_level": _level(row["slippage_rate"])}


def _with_text(row: Row) -> Row:
    level = _level(row["slippage_rate"])
    kept = {name: value for name, value in row.items() if name not in METRICS or name in IN_TEXT}
    return {
        **kept,
        "slippage_level": level,
        "key_insight": _insight(row),
        "recommendation": _recommendation(level, is_provisional=row["is_provisional"]),
    }


def _complete(rows: Iterable[Row]) -> list[Row]:
    """Rows of kinds lack the other metrics."""
    return [{**dict.fromkeys(METRICS), **row} for row in rows]


# ---- What MetricFlow says.


def _asked(project: BuiltProject, engine: str, dimension_type: str) -> list[Row]:
    """The rows of a slicing, or of all."""
    name, _ = SLICES.get(dimension_type, (None, None))
    rows = answers(
        project, engine, METRICS, [QUARTER, *([name] if name else [])], salesforce_only=True
    )
    slices = [(dimension_type, (row[name] or "(none)") if name else "all") for row in rows]
    return [
        _row(row[QUARTER], {metric: row[metric] for metric in METRICS}, *slice_of)
        for row, slice_of in zip(rows, slices, strict=True)
    ]


def _asked_kinds(project: BuiltProject, engine: str) -> list[Row]:
    kind = "due_opportunity__slip_kind"
    rows = answers(project, engine, KINDS, [QUARTER, kind], salesforce_only=True)
    return [
        _row(row[QUARTER], {metric: row[metric] for metric in KINDS}, "slip_kind", row[kind])
        for row in rows
        if row[kind]
    ]


# ---- What the oracle says.


def _told(
    oracle: PipelineOracle, dimension_type: str, labels: Mapping[str | None, str | None]
) -> list[Row]:
    """The rows of a slicing, or of all."""
    _, name = SLICES.get(dimension_type, (None, None))
    group = ("fiscal_quarter", name) if name else ("fiscal_quarter",)
    told: dict[str, dict[Any, Any]] = {
        metric: dict(oracle.value(metric, group)) for metric in METRICS
    }
    rows = []
    for key in {key for values in told.values() for key in values}:
        # Nothing changed: 0; nothing due: no number.
        metrics = {
            metric: values.get(key, 0 if metric in SUMS_OF_CHANGES else None)
            for metric, values in told.items()
        }
        dimension = key[-1] if name else "all"
        if name == "owner":
            dimension = labels[dimension]
        rows.append(_row(key[0], metrics, dimension_type, dimension or "(none)"))
    return rows


def _told_kinds(oracle: PipelineOracle) -> list[Row]:
    counts, amounts = (oracle.value(metric, ("fiscal_quarter", "slip_kind")) for metric in KINDS)
    keys: list[tuple[Any, Any]] = [(quarter, kind) for quarter, kind in counts if kind]
    return [
        _row(
            key[0], dict(zip(KINDS, (counts[key], amounts[key]), strict=True)), "slip_kind", key[1]
        )
        for key in keys
    ]


def _without_slice(rows: Iterable[Row]) -> Rows:
    names = ("dimension_type", "dimension")
    plain = [{name: value for name, value in row.items() if name not in names} for row in rows]
    return keyed(plain, "fiscal_quarter")


@BOTH
def test_quarters(engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle) -> None:
    found = report(demo_project, engine, "m_slippage_impact_quarter", "fiscal_quarter")
    asked = _without_slice(map(_with_level, _asked(demo_project, engine, "all")))
    told = _without_slice(map(_with_level, _told(pipeline_oracle, "all", {})))
    assert not unlike(asked, found)
    assert not unlike(told, found)
    assert found[RUNNING_QUARTER,]["is_provisional"]
    assert {row["slippage_level"] for row in found.values()} == {"Medium", "Low", "Unknown"}


@BOTH
def test_patterns_equal_metricflow(engine: str, demo_project: BuiltProject) -> None:
    rows = [row for name in SLICES for row in _asked(demo_project, engine, name)]
    expected = _complete([*rows, *_asked_kinds(demo_project, engine)])
    found = report(demo_project, engine, "a_slippage_pattern_analysis", *KEY)
    assert not unlike(keyed(expected, *KEY), found)


@BOTH
def test_patterns_equal_the_oracle(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle, demo_data: Path
) -> None:
    labels = owner_labels(demo_data)
    rows = [row for name in SLICES for row in _told(pipeline_oracle, name, labels)]
    expected = _complete([*rows, *_told_kinds(pipeline_oracle)])
    found = report(demo_project, engine, "a_slippage_pattern_analysis", *KEY)
    assert not unlike(keyed(expected, *KEY), found)
    assert {row["dimension_type"] for row in found.values()} == {*SLICES, "slip_kind"}
    assert {row["dimension"] for row in found.values()} > {"pushed", "overdue", "(none)"}


@BOTH
def test_texts_equal_metricflow(engine: str, demo_project: BuiltProject) -> None:
    rows = [row for name in ("all", *SLICES) for row in _asked(demo_project, engine, name)]
    found = report(demo_project, engine, "a_comprehensive_slippage_analysis", *KEY)
    assert not unlike(keyed(map(_with_text, rows), *KEY), found)


@BOTH
def test_texts_equal_the_oracle(
    engine: str, demo_project: BuiltProject, pipeline_oracle: PipelineOracle, demo_data: Path
) -> None:
    labels = owner_labels(demo_data)
    rows = [row for name in ("all", *SLICES) for row in _told(pipeline_oracle, name, labels)]
    found = report(demo_project, engine, "a_comprehensive_slippage_analysis", *KEY)
    assert not unlike(keyed(map(_with_text, rows), *KEY), found)
    levels = {row["slippage_level"] for row in found.values()}
    assert levels == {"High", "Medium", "Low", "Unknown"}


@pytest.mark.slow
def test_reasons_are_those_of_the_column_that_the_var_names(
    broken_project: BuiltProject,
    demo_dbt: dict[str, ForkedDbt],
    pipeline_oracle: PipelineOracle,
) -> None:
    live = (broken_project.project / "warehouse" / "sales_pipeline.duckdb").resolve()
    with duckdb.connect(str(live)) as connection:
        connection.execute("alter table raw_salesforce.opportunity add column push_reason__c text")
        connection.execute(
            "update raw_salesforce.opportunity set push_reason__c = 'because of ' || lead_source"
        )
    demo_dbt["duckdb"].run(
        "run",
        "--vars",
        DEMO_VARIABLES.replace("}", ", push_reason_column: push_reason__c}"),
        "--select",
        "stg_salesforce__opportunities int_salesforce__opportunities int_opportunities",
        "fct_opportunities export_pushes_by_reason_quarterly a_slippage_pattern_analysis",
        project=broken_project.project,
    )
    by_source = ("fiscal_quarter", "opportunity__lead_source")
    count, amount, days, changes = (
        dict[Any, Any](pipeline_oracle.value(metric, by_source))
        for metric in ("pushed_count", "pushed_amount", "average_days_pushed", "pulled_in_amount")
    )
    # Changes to an earlier date make a row too, with no pushes in it.
    expected = _complete(
        _row(
            key[0],
            {
                "pushed_count": count.get(key, 0),
                "pushed_amount": amount.get(key, 0),
                "average_days_pushed": days.get(key),
            },
            "reason",
            f"because of {key[1]}",
        )
        for key in {*changes, *count}
        if key[1]
    )
    query = "select * from reports.a_slippage_pattern_analysis where dimension_type = 'reason'"
    with duckdb.connect(str(live), read_only=True) as connection:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert len(expected) > 10
    assert not unlike(keyed(expected, *KEY), keyed(rows, *KEY))
