"""The process that runs dbt for a build on Spark, in schemas beside the live ones.

Spark's tables know no transaction, and its schemas no other name: each build has schemas of its
own, and becomes visible with the manifests that name them. What a model is made out of, as an
incremental one, is shared with what is live by its files, which no build changes. It takes dbt's
own command line.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metrics_store.build.parsed_project import renew_environment
from metrics_store.build.relocated_nodes import (
    SHARED_OPTIONS,
    has_state,
    options_named,
    relation_nodes,
    run_in_process,
    selected_nodes,
)
from metrics_store.build.rollup_check import check_rollups
from metrics_store.build.spark.moved_relations import (
    move_node,
    with_moved_relations,
    write_moved_manifests,
)
from metrics_store.build.spark.plain_names import name_plainly
from metrics_store.build.spark.superseded_schemas import drop_superseded
from metrics_store.errors import MetricsStoreError
from metrics_store.project.dbt_process import collect_garbage_rarely, stopping_with_parent
from metrics_store.project.profile import load_target
from metrics_store.warehouse.adapters.schema_generations import (
    SchemaGeneration,
    generations_directory,
    live_generation,
    make_live,
)
from metrics_store.warehouse.adapters.spark_catalog import SparkCatalog

if TYPE_CHECKING:
    from collections.abc import Collection

    from dbt.contracts.graph.manifest import Manifest

# What the process is told, by an environment variable: the token of its build.
BUILD_VARIABLE = "METRICS_STORE_GENERATION"


def _build(arguments: list[str]) -> None:
    token = os.environ[BUILD_VARIABLE]
    target = load_target(Path.cwd(), options_named(arguments, ["--target"])[1])
    made = Path(options_named(arguments, ["--target-path"])[1])
    manifest: Manifest = run_in_process(["parse", *options_named(arguments, SHARED_OPTIONS)])
    selected = selected_nodes(arguments, manifest)
    nodes = list(relation_nodes(manifest).items())
    building = [node for name, node in nodes if name in selected]
    live = live_generation(target)
    views = [node for name, node in nodes if name not in selected and _is_view(node)]
    schemas = {node.schema: f"{node.schema}__{token}" for node in (*building, *views)}
    generation = SchemaGeneration(
        token,
        live.token,
        schemas,
        # What is no part of the project any more is not carried on.
        {_key(node): live.place(node.schema, node.alias) for _, node in nodes}
        | {_key(node): schemas[node.schema] for node in building},
    )
    directory = generations_directory(target) / token
    directory.mkdir(parents=True)
    # Written first, so that whoever clears up after a killed build knows its schemas.
    generation.write(directory)
    catalog = SparkCatalog(target)
    try:
        stateful = [
            (node.schema, node.alias)
            for node in building
            if has_state(node, full_refresh="--full-refresh" in arguments)
        ]
        with catalog.opened():
            drop_superseded(target, live, catalog, keep=token)
            for schema in schemas.values():
                catalog.create_schema(schema)
            shared = _share(stateful, live, generation, catalog)
        places = [(node, generation.relations[_key(node)]) for _, node in nodes]
        names = [(node.schema, node.alias) for node in views]
        for node, schema in places:
            move_node(node, schema)
        run_in_process(arguments, manifest)
        renew_environment(made)
        check_rollups(made, target.adapter_type)
        with catalog.opened():
            _check_made(shared, catalog)
            generation = _carry_views(names, live, generation, catalog)
        generation.write(directory)
        write_moved_manifests(made, directory, generation)
        make_live(directory)
        with catalog.opened():
            name_plainly(live, generation, catalog)
    finally:
        # What cannot be dropped now, as when Spark has ended, the next build drops.
        with contextlib.suppress(MetricsStoreError), catalog.opened():
            drop_superseded(target, live_generation(target), catalog)


def _key(node: Any) -> str:  # noqa: ANN401 - a node of dbt's
    return f"{node.schema}.{node.alias}"


def _is_view(node: Any) -> bool:  # noqa: ANN401 - as above
    return bool(node.config.materialized == "view")


def _share(
    stateful: Collection[tuple[str, str]],
    live: SchemaGeneration,
    generation: SchemaGeneration,
    catalog: SparkCatalog,
) -> list[tuple[str, str]]:
    """Let models that are made out of what they were find it in the schemas of the build."""
    places = {live.place(*key) for key in stateful}
    tables = {schema: catalog.tables(schema) for schema in places}
    shared = []
    for schema, name in stateful:
        place = live.place(schema, name)
        if name in tables[place]:
            new = (generation.place(schema, name), name)
            catalog.share_files((place, name), new)
            shared.append(new)
    return shared


def _check_made(shared: Collection[tuple[str, str]], catalog: SparkCatalog) -> None:
    """Make sure that nothing stands on files of a generation that goes.

    Raises:
        MetricsStoreError: A model was not made anew.
    """
    for schema, name in shared:
        if not catalog.owns_files(schema, name):
            raise MetricsStoreError(
                f"the model {name} was not made anew, so nothing was published",
                where=f"{schema}.{name}",
                expected="a materialization that writes the whole table, as macros/spark/ has",
            )


def _carry_views(
    names: Collection[tuple[str, str]],
    live: SchemaGeneration,
    generation: SchemaGeneration,
    catalog: SparkCatalog,
) -> SchemaGeneration:
    """Make views anew that this build left out, where they read what it made.

    Args:
        names: Schema and name of the views that were left out.
        live: What was live.
        generation: What was built.
        catalog: Where the views are.
    """
    texts = {
        (schema, name): catalog.view_text(place, name)
        for schema, name in names
        for place in (live.place(schema, name),)
        if name in catalog.views(place)
    }
    relations = dict(generation.relations)
    while True:
        # From where a relation was to where it is, of those that this build made.
        moves = {
            f"{live.place(schema, name)}.{name}": place
            for key, place in relations.items()
            for schema, name in (key.split(".", 1),)
            if place == generation.schemas.get(schema)
        }
        more = {}
        for (schema, name), text in texts.items():
            moved = with_moved_relations(text, moves)
            if moved != text:
                place = more[f"{schema}.{name}"] = generation.schemas[schema]
                catalog.create_schema(place)
                catalog.replace_view(place, name, moved)
        # A view over one that moved just now moves in the next round.
        if relations == relations | more:
            return dataclasses.replace(generation, relations=relations)
        relations |= more


def _main() -> None:
    collect_garbage_rarely()
    with stopping_with_parent():
        try:
            _build(sys.argv[1:])
        except MetricsStoreError as error:
            sys.stderr.write(f"{str(error).strip()}\n")
            sys.exit(1)


if __name__ == "__main__":
    _main()
