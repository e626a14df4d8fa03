"""The table of what REST offers; routes and the OpenAPI document are both made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.query.definitions.listed_entries import (
    DescribedMetric,
    ListedDimension,
    ListedEntity,
    ListedMeasure,
    ListedMetric,
    ListedSavedQuery,
)
from metrics_store.query.request_form import QuestionForm
from metrics_store.serve.rest import listings, questions
from metrics_store.serve.rest.asked import (
    ListForm,
    MetricForm,
    MetricsListForm,
    PagedValuesForm,
    QueryForm,
)
from metrics_store.serve.rest.responses import CompiledAnswer, Items, QueryAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from starlette.responses import Response

    from metrics_store.serve.rest.asked import Asked


@dataclass(frozen=True)
class Endpoint:
    """One thing that can be asked.

    Attributes:
        path: Where, with its parameters in braces.
        summary: What it gives.
        form: What it is asked with.
        answer: What it gives, as JSON.
        handle: Gives it; blocks.
        takes_body: Whether it may also be asked with a body.
        has_rows: Whether it comes in all formats.
    """

    path: str
    summary: str
    form: type[BaseModel]
    answer: type[BaseModel]
    handle: Callable[[Asked], Response]
    takes_body: bool = False
    has_rows: bool = False


ENDPOINTS = (
    Endpoint(
        "/v1/query",
        "Ask for metrics.",
        QueryForm,
        QueryAnswer,
        questions.query,
        takes_body=True,
        has_rows=True,
    ),
    Endpoint(
        "/v1/sql",
        "Give the SQL of a question, without asking the warehouse.",
        QuestionForm,
        CompiledAnswer,
        questions.compiled,
        takes_body=True,
    ),
    Endpoint("/v1/metrics", "List the metrics.", ListForm, Items[ListedMetric], listings.metrics),
    Endpoint(
        "/v1/metrics/{name}",
        "Describe a metric, with all that it can be asked by.",
        MetricForm,
        DescribedMetric,
        listings.metric,
    ),
    Endpoint(
        "/v1/dimensions",
        "List the dimensions, or those that some metrics have in common.",
        MetricsListForm,
        Items[ListedDimension],
        listings.dimensions,
    ),
    Endpoint(
        "/v1/dimension-values",
        "Give the values of a dimension.",
        PagedValuesForm,
        QueryAnswer,
        questions.dimension_values,
        takes_body=True,
        has_rows=True,
    ),
    Endpoint(
        "/v1/entities",
        "List the entities, or those that some metrics have in common.",
        MetricsListForm,
        Items[ListedEntity],
        listings.entities,
    ),
    Endpoint(
        "/v1/measures",
        "List the measures, or those that some metrics are made of.",
        MetricsListForm,
        Items[ListedMeasure],
        listings.measures,
    ),
    Endpoint(
        "/v1/saved-queries",
        "List the saved queries.",
        ListForm,
        Items[ListedSavedQuery],
        listings.saved_queries,
    ),
)
