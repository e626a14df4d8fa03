"""Reads the definitions in an Ossie document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.ossie.dataset_writer import ELEMENTS
from metrics_store.interchange.ossie.foreign.foreign_datasets import (
    foreign_dimension,
    read_foreign_dataset,
)
from metrics_store.interchange.ossie.foreign.foreign_metrics import ForeignMetrics
from metrics_store.interchange.ossie.ossie_parts import expression_text, semantic_models
from metrics_store.interchange.properties.property_values import written

if TYPE_CHECKING:
    from typing import Any

    from metrics_store.interchange.ossie.ossie_parts import OssiePart
    from metrics_store.interchange.properties.property_values import Properties

_PARTS = {kind: part for part, kind in ELEMENTS.items()}


@dataclass
class ReadDefinitions:
    """The definitions in a document, as properties.

    Attributes:
        semantic_models: The semantic models.
        metrics: The metrics.
        saved_queries: The saved queries.
        time_spines: The tables of time that the project has to have.
        policies: What the policy file is to say.
        notes: What was left out, or chosen where the document does not say it.
    """

    semantic_models: list[Properties] = field(default_factory=list)
    metrics: list[Properties] = field(default_factory=list)
    saved_queries: list[Properties] = field(default_factory=list)
    time_spines: list[Properties] = field(default_factory=list)
    policies: Properties = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def by_part(self) -> dict[str, list[Properties]]:
        """The definitions by the key that dbt's YAML has them under."""
        return {
            "semantic_models": self.semantic_models,
            "metrics": self.metrics,
            "saved_queries": self.saved_queries,
        }


def read_definitions(document: dict[str, Any]) -> ReadDefinitions:
    """Read the definitions in a document in which nothing is wrong.

    What others wrote says less than definitions do: what it leaves open is chosen, and what cannot
    be read is left out, both with a note.
    """
    read = ReadDefinitions()
    for model in semantic_models(document):
        extension = model.extension or {}
        read.metrics += extension.get("metrics", [])
        read.saved_queries += extension.get("saved_queries", [])
        read.time_spines += extension.get("time_spines", [])
        read.policies = {**read.policies, **extension.get("policies", {})}
        found = {
            part.name: _semantic_model(part)
            if part.extension
            else read_foreign_dataset(model, part, read.notes)
            for part in model.parts()
            if part.kind == "dataset"
        }
        foreign = ForeignMetrics(model, found)
        for part in model.parts():
            if part.kind == "metric" and part.extension:
                read.metrics.append(_metric(part))
            elif part.kind == "metric":
                try:
                    read.metrics += foreign.read(part)
                except UnsayableError as error:
                    read.notes.append(f"the metric {part.name} is left out: {error}")
        read.semantic_models += found.values()
    return read


def _semantic_model(dataset: OssiePart) -> Properties:
    said = (dataset.extension or {})["semantic_model"]
    model = {
        "name": dataset.name,
        "description": dataset.content.get("description"),
        **said,
        **{part: list(said.get(part, ())) for part in ELEMENTS},
    }
    for one in dataset.parts():
        if not one.extension:
            model["dimensions"].append(foreign_dimension(one))
            continue
        kind, rest = next(iter(one.extension.items()))
        expression = expression_text(one.content)
        core = {
            "name": one.name,
            "label": one.content.get("label"),
            "description": one.content.get("description"),
            "expr": None if expression == one.name else expression,
        }
        element = {**core, **rest, **core}
        model[_PARTS[kind]].append(written(element))
    return written(model)


def _metric(metric: OssiePart) -> Properties:
    said = (metric.extension or {})["metric"]
    return written({"name": metric.name, "description": metric.content.get("description"), **said})
