"""Removes what builds made that is live no more, and what failed builds left."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.adapters.schema_generations import (
    SchemaGeneration,
    generations_directory,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.warehouse.adapters.spark_catalog import SparkCatalog


def drop_superseded(
    target: Target, live: SchemaGeneration, catalog: SparkCatalog, *, keep: str = ""
) -> None:
    """Drop the relations that neither what is live needs nor what was live before it.

    The one before stays for whoever still reads it. Only what this project's own builds made is
    looked at.

    Args:
        target: The target.
        live: What is live.
        catalog: Where the relations are.
        keep: The token of a build that is being made.
    """
    found = dict(_generations(generations_directory(target)))
    kept = set()
    for token in (live.token, live.before):
        if token in found:
            relations = found[token][1].relations
            kept |= {(place, key.split(".", 1)[1]) for key, place in relations.items()}
    for token, (path, generation) in found.items():
        if token in (live.token, live.before, keep):
            continue
        is_empty = True
        for schema in generation.schemas.values():
            is_empty = _drop(schema, kept, catalog) and is_empty
        if is_empty:
            shutil.rmtree(path, ignore_errors=True)


def _drop(schema: str, kept: set[tuple[str, str]], catalog: SparkCatalog) -> bool:
    """Drop what is not kept of a schema, and it too if nothing is; give whether it is gone."""
    left = False
    for name in catalog.views(schema):
        if (schema, name) in kept:
            left = True
        else:
            catalog.drop(schema, name, is_view=True)
    for name in catalog.tables(schema):
        if (schema, name) in kept:
            left = True
        else:
            catalog.drop(schema, name, is_view=False)
    if not left:
        catalog.drop_schema(schema)
    return not left


def _generations(directory: Path) -> Iterator[tuple[str, tuple[Path, SchemaGeneration]]]:
    for path in directory.iterdir():
        if path.is_symlink() or not path.is_dir():
            continue
        try:
            yield path.name, (path, SchemaGeneration.read(path))
        except MetricsStoreError:
            # A build that was killed before it made anything.
            yield path.name, (path, SchemaGeneration(path.name))
