"""Whatever is wrong with a document is named with the file, the place and what was expected."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from interchange.ossie.shop_document import expression, extension, shop_document
from metrics_store.errors import MetricsStoreError
from metrics_store.interchange.ossie.checks.ossie_check import checked_document, document_problems
from metrics_store.interchange.ossie.checks.ossie_file import read_ossie_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MODEL = "semantic_model[0]"
ORDERS, CUSTOMERS = f"{MODEL}.datasets[0]", f"{MODEL}.datasets[1]"
METRIC = f"{MODEL}.metrics[0]"
SQL = "expression.dialects[0].expression"
DATA = "custom_extensions[0].data"


def _set(*steps: str | int, to: object) -> Callable[[dict[str, Any]], None]:
    """Put something at a place."""

    def change(document: dict[str, Any]) -> None:
        content: Any = document
        for step in steps[:-1]:
            content = content[step]
        content[steps[-1]] = to

    return change


def _drop(*steps: str | int) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        content: Any = document
        for step in steps[:-1]:
            content = content[step]
        del content[steps[-1]]

    return change


M = ("semantic_model", 0)
ORDER = (*M, "datasets", 0)
REVENUE = (*M, "metrics", 0)
RELATION = (*M, "relationships", 0)
FIELD = (*ORDER, "fields", 0)

# What is changed -> where it is named, and what was expected there.
CASES = {
    "no version": (_drop("version"), "version", "one of 0.1.1, 0.2.0.dev0"),
    "a version to come": (_set("version", to="1.0"), "version", "one of 0.1.1, 0.2.0.dev0"),
    "a version that is a number": (_set("version", to=0.2), "version", "one of 0.1.1"),
    "no semantic model": (_drop("semantic_model"), "document", "the key `semantic_model`"),
    "no list of semantic models": (_set("semantic_model", to={}), "semantic_model", "a list"),
    "an empty list of them": (_set("semantic_model", to=[]), "semantic_model", "at least one"),
    "a key of nobody's": (_set("metrics", to=[]), "metrics", "one of dialects, semantic_model"),
    "a dialect of nobody's": (
        _set(*FIELD, "expression", "dialects", 0, "dialect", to="DUCKDB"),
        f"{ORDERS}.fields[0].expression.dialects[0].dialect",
        "one of ANSI_SQL, SNOWFLAKE",
    ),
    "no dataset": (_set(*M, "datasets", to=[]), f"{MODEL}.datasets", "at least one entry"),
    "a dataset without a table": (_drop(*ORDER, "source"), ORDERS, "the key `source`"),
    "a key that is no list": (
        _set(*ORDER, "primary_key", to="order_id"),
        f"{ORDERS}.primary_key",
        "a list",
    ),
    "a field without an expression": (
        _drop(*FIELD, "expression"),
        f"{ORDERS}.fields[0]",
        "the key `expression`",
    ),
    "an expression that is text": (
        _set(*REVENUE, "expression", to="SUM(orders.amount)"),
        f"{METRIC}.expression",
        "a mapping",
    ),
    "an expression in no dialect": (
        _set(*REVENUE, "expression", to={"dialects": []}),
        f"{METRIC}.expression.dialects",
        "at least one entry",
    ),
    "an expression of nothing": (
        _set(*REVENUE, "expression", to=expression("")),
        f"{METRIC}.{SQL}",
        "text",
    ),
    "a name that is a number": (_set(*REVENUE, "name", to=7), f"{METRIC}.name", "text"),
    "a type of data of nobody's": (
        _set(*REVENUE, "datatype", to="Money"),
        f"{METRIC}.datatype",
        "one of String, Integer, Decimal",
    ),
    "a time that is text": (
        _set(*ORDER, "fields", 2, "dimension", to={"is_time": "yes"}),
        f"{ORDERS}.fields[2].dimension.is_time",
        "true or false",
    ),
    "context that is a list": (
        _set(*M, "ai_context", to=["sales"]),
        f"{MODEL}.ai_context",
        "text or a mapping",
    ),
    "two datasets of one name": (
        _set(*M, "datasets", 1, "name", to="Orders"),
        f"{CUSTOMERS}.name",
        "names of datasets that differ",
    ),
    "two fields of one name": (
        _set(*ORDER, "fields", 1, "name", to="order_id"),
        f"{ORDERS}.fields[1].name",
        "names of fields of a dataset that differ",
    ),
    "two metrics of one name": (
        lambda document: document["semantic_model"][0]["metrics"].append(
            {"name": "revenue", "expression": expression("SUM(orders.amount)")}
        ),
        f"{MODEL}.metrics[1].name",
        "names of metrics that differ",
    ),
    "a relationship from nowhere": (
        _set(*RELATION, "from", to="order"),
        f"{MODEL}.relationships[0].from",
        "a dataset of this semantic model, perhaps `orders`",
    ),
    "a relationship to no key": (
        _set(*RELATION, "to_columns", to=["country"]),
        f"{MODEL}.relationships[0].to_columns",
        "a primary or unique key of it: customer_id or email",
    ),
    "a relationship of two columns and one": (
        _set(*RELATION, "from_columns", to=["customer_id", "amount"]),
        f"{MODEL}.relationships[0].to_columns",
        "as many on both sides",
    ),
    "SQL that does not parse": (
        _set(*REVENUE, "expression", to=expression("SUM(orders.amount")),
        f"{METRIC}.{SQL}",
        "one SQL expression that parses as ANSI_SQL",
    ),
    "two statements": (
        _set(*REVENUE, "expression", to=expression("SUM(orders.amount); drop table orders")),
        f"{METRIC}.{SQL}",
        "one SQL expression that parses as ANSI_SQL",
    ),
    "a query": (
        _set(*FIELD, "expression", to=expression("order_id from secrets")),
        f"{ORDERS}.fields[0].{SQL}",
        "one SQL expression that parses as ANSI_SQL",
    ),
    "a field that aggregates": (
        _set(*FIELD, "expression", to=expression("MAX(order_id)")),
        f"{ORDERS}.fields[0].{SQL}",
        "a value of one row",
    ),
    "a metric of no dataset": (
        _set(*REVENUE, "expression", to=expression("SUM(order.amount)")),
        f"{METRIC}.{SQL}",
        "a dataset of this semantic model, perhaps `orders`",
    ),
    "a metric of no field": (
        _set(*REVENUE, "expression", to=expression("SUM(orders.amounts)")),
        f"{METRIC}.{SQL}",
        "a field or key of it, perhaps `amount`",
    ),
    "a dialect twice": (
        lambda document: document["semantic_model"][0]["metrics"][0]["expression"][
            "dialects"
        ].append({"dialect": "ANSI_SQL", "expression": "1"}),
        f"{METRIC}.expression.dialects[1].dialect",
        "each dialect once",
    ),
    "a dialect that is not listed": (
        _set(*REVENUE, "expression", to=expression("SUM(orders.amount)", "SNOWFLAKE")),
        "dialects",
        "all dialects that are used",
    ),
    "an extension that is no JSON": (
        _set(*REVENUE, "custom_extensions", 0, "data", to="{type: simple}"),
        f"{METRIC}.{DATA}",
        "a JSON text",
    ),
    "an extension of many levels": (
        _set(*REVENUE, "custom_extensions", 0, "data", to="[" * 90 + "]" * 90),
        f"{METRIC}.{DATA}",
        "a JSON text of few levels",
    ),
    "an extension with half of a character": (
        _set(
            *REVENUE,
            "custom_extensions",
            to=extension({"metric": {"type": "simple", "type_params": {}, "label": "\ud800"}}),
        ),
        f"{METRIC}.{DATA}",
        "a JSON text of few levels",
    ),
    "a time spine without a grain": (
        _set(
            *M,
            "custom_extensions",
            to=extension({"time_spines": [{"table": "days", "column": "day"}]}),
        ),
        f"{MODEL}.{DATA}.metrics_store.time_spines[0]",
        "the key `grain`",
    ),
    "an extension without our key": (
        _set(*REVENUE, "custom_extensions", 0, "data", to="{}"),
        f"{METRIC}.{DATA}",
        "an object with the key `metrics_store`",
    ),
    "a vendor that is not listed": (
        _set(*REVENUE, "custom_extensions", to=[{"vendor_name": "DBT", "data": "{}"}]),
        f"{METRIC}.custom_extensions[0].vendor_name",
        "all vendors listed there",
    ),
    "a metric of no type": (
        _set(*REVENUE, "custom_extensions", to=extension({"metric": {"type_params": {}}})),
        f"{METRIC}.{DATA}.metrics_store.metric",
        "the key `type`",
    ),
    "a field of two kinds": (
        _set(
            *FIELD,
            "custom_extensions",
            to=extension({"entity": {"type": "primary"}, "dimension": {"type": "categorical"}}),
        ),
        f"{ORDERS}.fields[0].{DATA}.metrics_store",
        "one key, of entity, dimension, measure",
    ),
    "a reference that dbt would render": (
        _set(
            *ORDER,
            "custom_extensions",
            to=extension({"semantic_model": {"model": "ref('orders') }} {{ env_var('HOME')"}}),
        ),
        f"{ORDERS}.{DATA}.metrics_store.semantic_model.model",
        "a reference such as `ref('orders')`",
    ),
    "a filter that is a template": (
        _set(
            *REVENUE,
            "custom_extensions",
            to=extension(
                {
                    "metric": {
                        "type": "simple",
                        "type_params": {"measure": {"name": "amount"}},
                        "filter": ["{% set a = 1 %} 1 = 1"],
                    }
                }
            ),
        ),
        f"{METRIC}.{DATA}.metrics_store.metric.filter[0]",
        "SQL with names such as {{ Dimension('order__status') }}",
    ),
    "an expression that was edited": (
        _set(
            *REVENUE,
            "custom_extensions",
            to=extension(
                {"metric": {"type": "simple", "type_params": {}}, "expression": "0123456789abcdef"}
            ),
        ),
        f"{METRIC}.expression",
        "what was exported; change the extension",
    ),
    "a time that the extension denies": (
        _set(*ORDER, "fields", 2, "dimension", to={"is_time": False}),
        f"{ORDERS}.fields[2].dimension",
        "a dimension of type time",
    ),
}


def test_the_shop_is_right(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(shop_document()))
    assert checked_document(path)[1].number == "0.2.0.dev0"


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_has_a_place(name: str, tmp_path: Path) -> None:
    change, place, expected = CASES[name]
    document = shop_document()
    change(document)
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(document))
    with pytest.raises(MetricsStoreError) as refused:
        checked_document(path)
    assert refused.value.where == str(path)
    lines = refused.value.what.splitlines()[1:]
    assert any(
        line.strip().startswith(f"{place}: ") and f"; expected {expected}" in line for line in lines
    ), lines


FILES = {
    "no file": ("shop.json", None, "the file cannot be read"),
    "no text": ("shop.yml", b"\xff\xfe\x00version", "the file is no text in UTF-8"),
    "no JSON": ("shop.json", b'{"version": ', "it is no JSON at line 1, column 13"),
    "no YAML": ("shop.yml", b"version: [1\nname: x", "it is no plain YAML at line 2"),
    "nothing": ("shop.yml", b"", "it holds no mapping"),
    "a list": ("shop.json", b"[]", "it holds no mapping"),
    "a key twice in JSON": ("shop.json", b'{"a": 1, "a": 2}', "the key `a` stands twice"),
    "a key twice in YAML": ("shop.yml", b"a: 1\na: 2", "the key `a` stands twice"),
    "an alias": ("shop.yml", b"a: &x [1]\nb: *x", "it has an alias"),
    "too deep": ("shop.json", b"[" * 100 + b"]" * 100, "it is nested deeper than 40 levels"),
    "far too deep": (
        "shop.json",
        b"[" * 100_000 + b"]" * 100_000,
        "it is nested deeper than 40 levels",
    ),
    "too deep in YAML": ("shop.yml", b"[" * 100 + b"]" * 100, "it is nested deeper than 40 levels"),
    "half of a character": ("shop.json", b'{"a": "\\ud800"}', "it has half of a character"),
    "half of one in a key": ("shop.json", b'{"\\ud800": 1}', "it has half of a character"),
    "a number of too many digits": ("shop.json", b'{"a": ' + b"1" * 5000 + b"}", "cannot be read"),
    "an object that YAML would make": ("shop.yml", b"!!python/object:os.x {}", "no plain YAML"),
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_document_is_refused(name: str, tmp_path: Path) -> None:
    file, content, found = FILES[name]
    path = tmp_path / file
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(MetricsStoreError) as refused:
        read_ossie_file(path)
    assert refused.value.where == str(path)
    assert found in refused.value.what
    assert refused.value.expected


def test_the_older_version_has_a_closed_list_of_vendors() -> None:
    document = shop_document() | {"version": "0.1.1"}
    found = {str(one) for one in document_problems(document)}
    vendors = "one of COMMON, SNOWFLAKE, SALESFORCE, DBT, DATABRICKS"
    assert f'vendors[0]: it is "METRICS_STORE"; expected {vendors}' in found
