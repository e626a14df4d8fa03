"""The process that runs dbt for a build beside what is live.

It reads the project, has dbt say what is selected, makes the new schemas and what the build starts
from, and then lets dbt build as ever, but into those schemas: only the place of the nodes changes,
not what they say. It takes dbt's own command line.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from metrics_store.build.postgres.postgres_catalog import dependents_of, relations_in
from metrics_store.build.postgres.schema_copy import prepare_schemas
from metrics_store.build.postgres.schema_plan import BUILD_VARIABLE, Plan, next_name
from metrics_store.build.relocated_nodes import (
    SHARED_OPTIONS,
    has_state,
    options_named,
    relation_nodes,
    run_in_process,
    selected_nodes,
)
from metrics_store.errors import MetricsStoreError
from metrics_store.project.dbt_process import collect_garbage_rarely, stopping_with_parent
from metrics_store.project.profile import load_target
from metrics_store.warehouse.postgres.postgres_connection import connect

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


def _with_dependent_schemas(
    schemas: set[str], names: set[tuple[str, str]], connection: psycopg.Connection
) -> set[str]:
    """Add the schemas with views of the project that stand on what lies in these."""
    own_schemas = {schema for schema, _ in names}
    while True:
        views = dependents_of(relations_in(schemas, connection), connection)
        more = {view.schema for view in views if view.schema in own_schemas and view.key in names}
        if more <= schemas:
            return schemas
        schemas = schemas | more


def _set_schema_of(node: Any, schema: str) -> None:  # noqa: ANN401 - a node of dbt's
    name, tail = node.relation_name, f".{node.alias}"
    if name:
        for ending in (f'"{node.schema}"."{node.alias}"', f"{node.schema}{tail}"):
            if name.endswith(ending):
                name = name.removesuffix(ending) + f'"{schema}"."{node.alias}"'
                break
    node.schema, node.relation_name = schema, name


def _build(arguments: list[str]) -> None:
    token = os.environ[BUILD_VARIABLE]
    shared = options_named(arguments, SHARED_OPTIONS)
    target = load_target(Path.cwd(), options_named(arguments, ["--target"])[1])
    manifest: Manifest = run_in_process(["parse", *shared])
    selected = selected_nodes(arguments, manifest)
    nodes = relation_nodes(manifest)
    names = {(node.schema, node.alias) for node in nodes.values()}
    full_refresh = "--full-refresh" in arguments
    with connect(target) as connection:
        connection.autocommit = True
        building = {name: node for name, node in nodes.items() if name in selected}
        schemas = _with_dependent_schemas(
            {node.schema for node in building.values()}, names, connection
        )
        within = {name: node for name, node in nodes.items() if node.schema in schemas}
        plan = Plan(
            token,
            {schema: next_name(schema, token) for schema in sorted(schemas)},
            [list(key) for key in sorted({(node.schema, node.alias) for node in within.values()})],
            [[node.schema, node.alias] for node in building.values()],
            [[one.schema, one.alias] for one in building.values() if one.config.get("grants")],
        )
        stateful = {
            (node.schema, node.alias)
            for node in building.values()
            if has_state(node, full_refresh=full_refresh)
        }
        prepare_schemas(plan, stateful, target, connection)
    plan.write(Path(options_named(arguments, ["--target-path"])[1]))
    for node in within.values():
        _set_schema_of(node, plan.schemas[node.schema])
    run_in_process(arguments, manifest)


def _main() -> None:
    collect_garbage_rarely()
    with stopping_with_parent():
        try:
            _build(sys.argv[1:])
        except (MetricsStoreError, psycopg.Error) as error:
            sys.stderr.write(f"{str(error).strip()}\n")
            sys.exit(1)


if __name__ == "__main__":
    _main()
