"""Writes an Ossie document of all that a project defines."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.ossie.core_digest import digest_of
from metrics_store.interchange.ossie.dataset_writer import source_of, write_dataset
from metrics_store.interchange.ossie.metric_writer import MetricWriter
from metrics_store.interchange.ossie.ossie_extensions import own_extension
from metrics_store.interchange.ossie.relationship_writer import write_relationships
from metrics_store.interchange.properties.metric_properties import metric_properties
from metrics_store.interchange.properties.property_values import written
from metrics_store.interchange.properties.saved_query_properties import saved_query_properties

if TYPE_CHECKING:
    from metrics_store.interchange.exported_project import ExportedProject
    from metrics_store.interchange.ossie.ossie_versions import OssieVersion
    from metrics_store.interchange.properties.property_values import Properties


@dataclass(frozen=True)
class OssieExport:
    """A document, and what its core does not say.

    Attributes:
        text: The document, as JSON.
        metrics: How many metrics the core says.
        unsaid: Metric -> why the core does not say it; our extension has it all the same.
    """

    text: str
    metrics: int
    unsaid: dict[str, str]


def write_document(project: ExportedProject, version: OssieVersion) -> OssieExport:
    """Write the definitions of a project as one document.

    What the core of Ossie has no words for stands in our extensions, so that no definition is lost
    to who reads them. A metric that it cannot say exactly stands there as a whole.
    """
    manifest = project.semantic_manifest
    writer = MetricWriter(project.layer, manifest, version)
    metrics, kept, unsaid = [], [], {}
    for metric in sorted(manifest["metrics"], key=_name):
        try:
            metrics.append(writer.write(metric))
        except UnsayableError as error:
            unsaid[metric["name"]] = str(error)
            kept.append(metric_properties(metric))
    relationships = write_relationships(project.layer, version)
    extension = {
        "project": project.name,
        "relationships": digest_of(relationships),
        "metrics": kept,
        "saved_queries": [
            saved_query_properties(one) for one in sorted(project.saved_queries, key=_name)
        ],
        "time_spines": list(map(_time_spine, manifest["project_configuration"]["time_spines"])),
        "policies": project.policies,
    }
    model = {
        "name": project.name,
        "datasets": [
            write_dataset(one, project.reference(one["name"]), version)
            for one in sorted(manifest["semantic_models"], key=_name)
        ],
        "relationships": relationships,
        "metrics": metrics,
        "custom_extensions": own_extension(written(extension), version),
    }
    # Drafts of the newest version differ in whether a document lists its dialects and vendors.
    lists = {"dialects": ["ANSI_SQL"], "vendors": [version.own_vendor]}
    document = {
        "version": version.number,
        **(lists if version.read_by_dbt else {}),
        "semantic_model": [written(model)],
    }
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return OssieExport(text, len(metrics), unsaid)


def _name(definition: Properties) -> str:
    return str(definition["name"])


def _time_spine(spine: Properties) -> dict[str, Any]:
    """Give what the project that takes the definitions has to have."""
    return written(
        {
            "table": source_of(spine["node_relation"]),
            "column": spine["primary_column"]["name"],
            "grain": spine["primary_column"]["time_granularity"],
            "custom_grains": [one["name"] for one in spine.get("custom_granularities") or ()],
        }
    )
