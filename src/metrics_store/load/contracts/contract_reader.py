"""Reads the contract of a source from dbt's manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from metrics_store.errors import MetricsStoreError
from metrics_store.load.contracts.contract import Bounds, Column, Fit, Source, Table
from metrics_store.load.contracts.data_types import TEXT, DataType, parse_data_type
from metrics_store.load.contracts.known_values import known_values

Node = Mapping[str, Any]

_TABLE_SETTINGS = {"optional", "may_be_empty", "without", "instead"}
_COLUMN_SETTINGS = {
    "optional",
    "without",
    "fits",
    "minimum",
    "maximum",
    "known_in",
    "percent",
    "also",
}
_NUMBERS = ("bigint", "integer", "numeric", "double precision")


def _disabled_nodes(manifest: Node) -> Iterator[Node]:
    for versions in manifest["disabled"].values():
        yield from versions


def _nodes_of_sources(manifest: Node) -> dict[str, list[Node]]:
    """Give each source's tables; a source that is switched off counts with those it would have."""
    enabled: dict[str, list[Node]] = {}
    disabled: dict[str, list[Node]] = {}
    for node in manifest["sources"].values():
        enabled.setdefault(node["source_name"], []).append(node)
    for node in _disabled_nodes(manifest):
        if node["resource_type"] == "source":
            disabled.setdefault(node["source_name"], []).append(node)
    return disabled | enabled


def _settings(config: Node, allowed: set[str], where: str) -> Node:
    settings = ((config.get("config") or {}).get("meta") or {}).get("load") or {}
    if not isinstance(settings, Mapping) or not settings.keys() <= allowed:
        raise MetricsStoreError(
            "the contract has a load setting that does not exist",
            where=where,
            expected="under config.meta.load only " + ", ".join(sorted(allowed)),
        )
    return settings


def _fits(settings: Node, columns: Node, where: str) -> Iterator[Fit]:
    for entry in settings.get("fits", []):
        try:
            when = tuple((str(name), str(value)) for name, value in entry["when"].items())
            data_type = parse_data_type(str(entry["data_type"]))
        except (AttributeError, KeyError, TypeError) as error:
            raise MetricsStoreError(
                "a `fits` rule of the contract is not complete",
                where=where,
                expected="{when: {column: value}, data_type: type}",
            ) from error
        unknown = [name for name, _ in when if name not in columns]
        if unknown:
            raise MetricsStoreError(
                f"a `fits` rule names the column {unknown[0]}, which the table does not declare",
                where=where,
            )
        yield Fit(when, data_type)


def _bounds(settings: Node, data_type: DataType, where: str) -> Bounds:
    given = {name: settings[name] for name in ("minimum", "maximum") if name in settings}
    if given and data_type.kind not in _NUMBERS:
        raise MetricsStoreError("bounds stand at a column that is no number", where=where)
    try:
        return Bounds(**{name: Decimal(str(bound)) for name, bound in given.items()})
    except InvalidOperation as error:
        raise MetricsStoreError(
            "a bound of the contract is no number", where=where, expected="a number such as 100"
        ) from error


def _column(name: str, manifest: Node, columns: Node, where: str) -> Column:
    declared = columns[name]
    settings = _settings(declared, _COLUMN_SETTINGS, where)
    try:
        data_type = parse_data_type(declared["data_type"]) if declared["data_type"] else TEXT
    except MetricsStoreError as error:
        error.where = where
        raise
    for rule in ("fits", "known_in"):
        if settings.get(rule) and data_type != TEXT:
            raise MetricsStoreError(
                f"a `{rule}` rule stands at a column that is not text", where=where
            )
    known = settings.get("known_in")
    return Column(
        name=name,
        data_type=data_type,
        optional=bool(settings.get("optional")),
        fits=tuple(_fits(settings, columns, where)),
        bounds=_bounds(settings, data_type, where),
        known=known_values(known, manifest, where) if known else None,
        percent=bool(settings.get("percent")),
        without=str(settings.get("without") or ""),
        also=tuple(str(other) for other in settings.get("also", [])),
    )


def _with_test(column: Column, test: Node) -> Column:
    name = test["test_metadata"]["name"]
    if name == "not_null":
        return replace(column, not_null=True)
    if name == "unique":
        return replace(column, unique=True)
    values = test["test_metadata"]["kwargs"].get("values", [])
    return replace(column, accepted_values=tuple(str(value) for value in values))


def _applies(test: Node, *, source_is_enabled: bool) -> bool:
    """Tell whether every row must pass the test: no `where`, and a failure is an error."""
    config = test["config"]
    # Tests of a source that is switched off are so as well; their own setting is what counts.
    is_on = (
        config["enabled"] if source_is_enabled else test["unrendered_config"].get("enabled", True)
    )
    return is_on and not config.get("where") and config["severity"].lower() == "error"


def _tests(manifest: Node, *, source_is_enabled: bool) -> Iterator[Node]:
    """Give the tests that are load rules; dbt lists those that are off in either of two places."""
    for node in (*manifest["nodes"].values(), *_disabled_nodes(manifest)):
        metadata = node.get("test_metadata") or {}
        if (
            metadata.get("namespace") in (None, "dbt")
            and metadata.get("name") in ("not_null", "unique", "accepted_values")
            and _applies(node, source_is_enabled=source_is_enabled)
        ):
            yield node


def _table(node: Node, manifest: Node, tests: list[Node]) -> Table:
    where = f"{node['original_file_path']}, table {node['name']}"
    settings = _settings(node, _TABLE_SETTINGS, where)
    columns = {
        name: _column(name, manifest, node["columns"], f"{where}, column {name}")
        for name in node["columns"]
    }
    for test in tests:
        name = test.get("column_name") or test["test_metadata"]["kwargs"].get("column_name")
        if [node["source_name"], node["name"]] in test["sources"] and name in columns:
            columns[name] = _with_test(columns[name], test)
    return Table(
        name=node["name"],
        schema=node["schema"],
        identifier=node["identifier"],
        columns=tuple(columns.values()),
        optional=bool(settings.get("optional")),
        may_be_empty=bool(settings.get("may_be_empty")),
        without=str(settings.get("without") or ""),
        loaded_at=str(node.get("loaded_at_field") or ""),
        path=str(node["original_file_path"]),
        instead=str(settings.get("instead") or ""),
    )


def source_names(manifest: Node) -> list[str]:
    """Give the names of the sources that are switched on in the project."""
    return sorted({node["source_name"] for node in manifest["sources"].values()})


def read_source(manifest: Node, name: str) -> Source:
    """Give the contract of one source.

    Args:
        manifest: dbt's manifest.
        name: The source's name, whether it is switched on in the project or not.

    Raises:
        MetricsStoreError: There is no such source, or its contract cannot be read.
    """
    sources = _nodes_of_sources(manifest)
    if name not in sources:
        raise MetricsStoreError(
            f"the project has no source named {name}",
            expected="one of " + ", ".join(sorted(sources))
            if sources
            else "a source in the project",
            remedy="check the name; `sources:` in the project's yml files declare them",
        )
    nodes = sources[name]
    is_enabled = any(node["unique_id"] in manifest["sources"] for node in nodes)
    tests = list(_tests(manifest, source_is_enabled=is_enabled))
    return Source(name, tuple(_table(node, manifest, tests) for node in nodes))
