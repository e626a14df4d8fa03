"""What dbt's shortcuts give is what dbt itself gives."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from dbt.clients.jinja import MacroStack
from dbt.context.macros import MacroNamespaceBuilder

from forking import shortcuts

if TYPE_CHECKING:
    from collections.abc import Mapping

INTERNAL = ["dbt_duckdb", "dbt"]
# Packages with macros of one name, in each place that a name is looked for.
MACROS = {
    "dbt": ["ref", "create_schema", "is_incremental", "only_dbts"],
    "dbt_duckdb": ["create_schema", "duckdb_macro"],
    "ours": ["reference_date", "create_schema", "only_ours"],
    "theirs": ["reference_date", "is_incremental"],
}


def _macros() -> dict[str, dict[str, Any]]:
    return {
        package: {name: SimpleNamespace(name=name, package_name=package) for name in names}
        for package, names in MACROS.items()
    }


def _assert_same(found: Any, expected: Any) -> None:  # noqa: ANN401 - dbt's own
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for name, one in expected.items():
            _assert_same(found[name], one)
        return
    assert type(found) is type(expected)
    assert vars(found).keys() == vars(expected).keys()
    assert all(value is vars(expected)[name] for name, value in vars(found).items())


@pytest.mark.parametrize("search_package", ["ours", "theirs", "dbt"])
def test_a_name_finds_the_macro_that_dbt_finds(search_package: str) -> None:
    build = MacroNamespaceBuilder.build_namespace
    # The second time the pattern of the first is taken; other macros have one of their own.
    for macros in (same := _macros(), same, _macros()):
        stack, node = MacroStack(), object()
        context: dict[str, Any] = {}

        def builder(stack: MacroStack = stack, node: object = node) -> MacroNamespaceBuilder:
            return MacroNamespaceBuilder("ours", search_package, stack, INTERNAL, node)

        expected = build(builder(), macros, context)
        found = shortcuts._copy_namespace(builder(), macros, context)
        parts = ("local_namespace", "global_namespace", "global_project_namespace", "packages")
        for part in parts:
            _assert_same(getattr(found, part), getattr(expected, part))
        _assert_same(_flat(found), _flat(expected))
        assert found.get("no_such_macro") is None


def _flat(namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Put all names into a dictionary, as a context does."""
    context: dict[str, Any] = {}
    context.update(namespace)
    return context
