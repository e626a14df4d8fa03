"""What the pages of saved queries and semantic models say."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.catalogue.catalogue_entries import command
from metrics_store.catalogue.site.content.metric_downstream import Consumers, consumers
from metrics_store.catalogue.site.content.site_client import request_answer
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from metricflow_semantic_interfaces.implementations.semantic_model import PydanticSemanticModel

    from metrics_store.catalogue.site.content.dbt_relations import Relation
    from metrics_store.catalogue.site.content.dimension_paths import DimensionPaths
    from metrics_store.catalogue.site.content.site_client import PageAnswer
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.query.definitions.definition_entries import (
        MeasureDefinition,
        SavedQueryDefinition,
    )

_FIRST_ROWS = 10


@dataclass(frozen=True)
class SavedQueryPage:
    """One saved query.

    Attributes:
        saved: Its definition.
        question: The command that asks it.
        asked: Asks it.
        consumers: What reads it.
    """

    saved: SavedQueryDefinition
    question: str
    asked: Callable[[], PageAnswer]
    consumers: Consumers

    @functools.cached_property
    def answer(self) -> PageAnswer:
        """Its first rows."""
        return self.asked()


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


def saved_query_pages(subject: Subject) -> Iterator[SavedQueryPage]:
    """Collect the content of each saved query's page."""
    for saved in subject.saved_queries:
        request = MetricRequest(saved_query=saved.name, limit=_FIRST_ROWS)
        yield SavedQueryPage(
            saved,
            command(request),
            functools.partial(request_answer, subject.client, request, with_sql=True),
            consumers(subject.relations, [saved]),
        )


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
