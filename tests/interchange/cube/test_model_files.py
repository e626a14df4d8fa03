"""The files of a data model say what it says, whatever stands in names and descriptions."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.interchange.cube.data_model import (
    OWN,
    Cube,
    CubeDimension,
    CubeJoin,
    DataModel,
    Measure,
    Omission,
    Reference,
    RollingWindow,
    View,
    ViewMember,
)
from metrics_store.interchange.cube.javascript_files import cube_javascript, view_javascript
from metrics_store.interchange.cube.model_files import (
    JAVASCRIPT,
    YAML,
    exported_model,
    model_files,
)
from metrics_store.interchange.cube.yaml_files import cube_yaml, view_yaml

if TYPE_CHECKING:
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer

CUBE = Cube(
    name="orders_rows",
    table='"shop"."main"."orders"',
    title="Orders",
    description="What is `bought` for ${10}, {{ not }} {% 'Jinja' %}.",
    dimensions=(
        CubeDimension("order", "string", (OWN, ".order_id"), is_key=True),
        CubeDimension("note", "string", (OWN, ".note || '{`\\'")),
    ),
    measures=(
        Measure(
            "paid",
            "sum",
            (OWN, ".amount"),
            filters=((Reference("customers_rows", "region"), " = 'south'"),),
            title="Paid",
            format="percent",
            meta={"unit": "ratio", "not_by": {"week": "Few."}, "grains": ["month"]},
        ),
        Measure("buyers", "count_distinct", (OWN, ".customer_id"), window=RollingWindow("7 day")),
    ),
    joins=(CubeJoin("customers_rows", "many_to_one", (Reference("", "customer"), " = 1")),),
)
VIEW = View(
    name="orders",
    model="orders",
    time="ordered_at",
    title="",
    description="",
    measures=(ViewMember("paid", ("orders_rows",), "paid", meta={"unit": "ratio"}),),
    dimensions=(
        ViewMember("customer__region", ("orders_rows", "customers_rows"), "region", "string"),
        ViewMember("metric_time", ("orders_rows",), "ordered_at", "time"),
    ),
)


def read(text: str, kind: str) -> dict[str, Any]:
    [found] = yaml.safe_load(text)[kind]
    entry: dict[str, Any] = found
    return entry


def test_a_cube_in_yaml() -> None:
    text = cube_yaml(CUBE)
    # These would be Jinja's; what is read is Cube's form of a brace.
    assert not re.search(r"\{\{|\}\}|\{%|%\}|\{#", text)
    found = read(text, "cubes")
    assert (found["sql_table"], found["public"]) == ('"shop"."main"."orders"', False)
    assert found["description"] == (
        "What is `bought` for $\\{10\\}, \\{\\{ not \\}\\} \\{% 'Jinja' %\\}."
    )
    order, note = found["dimensions"]
    assert (order["sql"], order["primary_key"]) == ("{CUBE}.order_id", True)
    assert note["sql"] == "{CUBE}.note || '\\{`\\\\'"
    paid, buyers = found["measures"]
    assert paid["filters"] == [{"sql": "{customers_rows.region} = 'south'"}]
    assert paid["meta"] == {"unit": "ratio", "not_by": {"week": "Few."}, "grains": ["month"]}
    assert (buyers["type"], buyers["rolling_window"]) == ("count_distinct", {"trailing": "7 day"})
    assert found["joins"] == [
        {"name": "customers_rows", "relationship": "many_to_one", "sql": "{CUBE.customer} = 1"}
    ]


def test_a_window_since_a_periods_start_in_yaml() -> None:
    measure = Measure("mtd", "sum", (OWN, ".amount"), window=RollingWindow(to_date="month"))
    found = read(cube_yaml(replace(CUBE, measures=(measure,))), "cubes")
    window = {"type": "to_date", "granularity": "month"}
    assert found["measures"][0]["rolling_window"] == window


def test_a_view_in_yaml_names_members_by_their_way() -> None:
    found = read(view_yaml(VIEW), "views")
    assert found["cubes"] == [
        {
            "join_path": "orders_rows",
            "includes": ["paid", {"name": "ordered_at", "alias": "metric_time"}],
        },
        {
            "join_path": "orders_rows.customers_rows",
            "includes": [{"name": "region", "alias": "customer__region"}],
        },
    ]


def test_a_cube_in_javascript() -> None:
    text = cube_javascript(CUBE)
    assert text.startswith('cube("orders_rows", {\n  sql: `SELECT * FROM "shop"."main"."orders"`,')
    # Within SQL nothing ends it, and nothing is taken for code.
    assert "sql: `${CUBE}.note || '{\\`\\\\'`" in text
    assert "description: \"What is `bought` for ${10}, {{ not }} {% 'Jinja' %}.\"" in text
    assert 'type: "countDistinct"' in text
    assert 'rollingWindow: {\n        trailing: "7 day"\n      }' in text
    assert 'customers_rows: {\n      relationship: "belongsTo",' in text


def test_a_view_in_javascript() -> None:
    text = view_javascript(VIEW)
    assert 'sql: `${orders_rows.customers_rows.region}`,\n      type: "string"' in text
    assert 'sql: `${orders_rows.paid}`,\n      type: "number"' in text


def test_the_report_says_what_is_left_out_and_why() -> None:
    model = DataModel((CUBE,), (VIEW,), (Omission("stock", "it is a stock"),), ())
    report = model_files(model, YAML, Path()).wanted["report.md"]
    assert "1 of 2 metrics are measures of its views" in report
    assert "- **stock**: it is a stock.\n" in report


def test_the_same_definitions_give_the_same_bytes(
    bikes_layer: SemanticLayer, market_layer: SemanticLayer
) -> None:
    for layer in (bikes_layer, market_layer):
        backwards = replace(
            layer,
            models=dict(sorted(layer.models.items())),
            metrics=dict(sorted(layer.metrics.items())),
        )
        for form in (YAML, JAVASCRIPT):
            once = model_files(exported_model(layer, form), form, Path()).wanted
            again = model_files(exported_model(backwards, form), form, Path()).wanted
            assert once == again
            assert {Path(name).suffix for name in once} == {
                ".md", {YAML: ".yml", JAVASCRIPT: ".js"}[form]
            }  # fmt: skip
