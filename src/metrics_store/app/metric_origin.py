"""Where a metric comes from: its formula, and what it is made of down to the sources."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.access.metric_sources import MetricSources
from metrics_store.app.viewer import TARGET
from metrics_store.catalogue.metric_formula import formula
from metrics_store.catalogue.site.content.dbt_relations import read_relations
from metrics_store.engine.snapshots.snapshot import POLICY_FILES
from metrics_store.project.artifacts import SEMANTIC_MANIFEST, read_manifest
from metrics_store.project.location import find_project_directory
from metrics_store.project.profile import load_target
from metrics_store.query.manifest_reader import read_semantic_manifest
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from metrics_store.catalogue.site.content.dbt_relations import Relations

# Of each kind the ground; the writing on it can be read in both themes.
_METRIC, _MODEL, _RELATION = "#d5ebe7", "#f6e3cf", "#e4e4e4"
_STYLE = (
    'rankdir=RL; bgcolor="transparent"; '
    'node [shape=box, style="filled,rounded", fontname="sans-serif", fontcolor="#1a1a1a", '
    'color="#8a8a8a"]; edge [color="#8a8a8a"];'
)


@dataclass(frozen=True)
class Origin:
    """What a metric is made of.

    Attributes:
        formula: How it is worked out, in one line.
        graph: The metrics, semantic models and tables that it is made of, in the words of Graphviz.
        sources: Names of the sources and seeds at the bottom.
    """

    formula: str
    graph: str
    sources: tuple[str, ...]


def metric_origin(metric: str) -> Origin | None:
    """Read where a metric of the project here comes from.

    None where there are policies: what they hide may be part of it.

    Raises:
        MetricsStoreError: Nothing is built.
    """
    project = find_project_directory()
    if any(project.joinpath(name).exists() for name in POLICY_FILES):
        return None
    target = load_target(project, os.environ.get(TARGET) or None)
    artifacts = find_live_warehouse(target).artifacts
    manifest = read_semantic_manifest(artifacts.joinpath(SEMANTIC_MANIFEST))
    sources, relations = MetricSources(manifest), read_relations(read_manifest(artifacts))
    edges, tables = _edges(metric, sources, relations)
    ends = sorted(
        relation.name
        for one in relations.upstream_of(tables)
        if not (relation := relations.by_id[one]).upstream
    )
    return Origin(
        formula(manifest, sources.metric(metric)), f"digraph {{{_STYLE} {edges}}}", tuple(ends)
    )


def _edges(metric: str, sources: MetricSources, relations: Relations) -> tuple[str, set[str]]:
    """Give the nodes and edges from a metric to the tables that it reads, and these tables."""
    lines, tables = [], set()
    for one in sorted({metric, *sources.inputs(metric)}):
        lines.append(f"{_node(one)} [fillcolor={_node(_METRIC)}];")
        inputs = (*sources.direct(one), *(f"{model} (model)" for model in sources.own_models(one)))
        lines += [f"{_node(one)} -> {_node(other)};" for other in inputs]
    for model in sorted(sources.models(metric)):
        lines.append(
            f"{_node(f'{model} (model)')} [fillcolor={_node(_MODEL)}, label={_node(model)}];"
        )
        table = relations.of_models.get(model)
        if table:
            tables.add(table)
            name = relations.by_id[table].name
            lines.append(
                f"{_node(f'{name} (table)')} [fillcolor={_node(_RELATION)}, label={_node(name)}];"
            )
            lines.append(f"{_node(f'{model} (model)')} -> {_node(f'{name} (table)')};")
    return " ".join(lines), tables


def _node(name: str) -> str:
    return json.dumps(name)
