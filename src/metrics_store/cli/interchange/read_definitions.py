"""Reads the definitions of the project here, as they are in its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from metrics_store.interchange.layer.semantic_layer import SemanticLayer


def read_definitions(target: str | None) -> SemanticLayer:
    """Read the definitions of the project here, for a target.

    Raises:
        MetricsStoreError: There is no project here, or dbt cannot parse it.
    """
    from metrics_store.interchange.layer.layer_reader import read_layer
    from metrics_store.project.artifacts import SEMANTIC_MANIFEST, parse_project
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.query.manifest_reader import read_semantic_manifest

    chosen = load_target(find_project_directory(), target)
    click.echo("reading the project ...", err=True)
    manifest = read_semantic_manifest(parse_project(chosen) / SEMANTIC_MANIFEST)
    return read_layer(manifest, chosen.adapter_type)
