"""What the pages of semantic models say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metricflow_semantic_interfaces.implementations.semantic_model import PydanticSemanticModel

    from metrics_store.catalogue.site.content.dbt_relations import Relation
    from metrics_store.catalogue.site.content.dimension_paths import DimensionPaths
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.query.definitions.definition_entries import MeasureDefinition


@dataclass(frozen=True)
class SemanticModelPage:
    """The visible part of a semantic model.

    Attributes:
        model: Its definition.
        relation: The model of dbt that it describes, where dbt has it.
        dimensions: The pages of its dimensions.
        measures: The measures of metrics that may be seen.
        metrics: The metrics that aggregate it, directly or through others.
    """

    model: PydanticSemanticModel
    relation: Relation | None
    dimensions: tuple[str, ...]
    measures: tuple[MeasureDefinition, ...]
    metrics: tuple[str, ...]


def semantic_model_pages(subject: Subject, paths: DimensionPaths) -> Iterator[SemanticModelPage]:
    """Collect the content of each page of a semantic model that is visible at least in part."""
    measures = {one.name: one for one in subject.definitions.measures()}
    using: dict[str, list[str]] = {}
    for metric in subject.metrics:
        for model in subject.sources.models(metric):
            using.setdefault(model, []).append(metric)
    for model in sorted(subject.manifest.semantic_models, key=lambda one: one.name):
        dimensions = paths.of_model(model.name)
        metrics = using.get(model.name, [])
        if not dimensions and not metrics:
            continue
        relation = subject.relations.by_id.get(subject.relations.of_models.get(model.name, ""))
        yield SemanticModelPage(
            model,
            relation,
            tuple(dimensions),
            tuple(measures[one.name] for one in model.measures if one.name in measures),
            tuple(sorted(metrics)),
        )
