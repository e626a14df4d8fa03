"""The table of endpoints; routes and the OpenAPI document are both made from it."""

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
from metrics_store.query.forms.request_form import QuestionForm
from metrics_store.serve.rest import batch_endpoint, listing_endpoints, query_endpoints
from metrics_store.serve.rest.request_forms import (
    ListForm,
    MetricForm,
    MetricsListForm,
    PagedValuesForm,
    QueriesForm,
    QueryForm,
)
from metrics_store.serve.rest.responses import CompiledAnswer, Items, QueryAnswer, QueryAnswers

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel
    from starlette.responses import Response

    from metrics_store.serve.rest.rest_request import RestRequest


@dataclass(frozen=True)
class Endpoint:
    """One endpoint.

    Attributes:
        path: Its path, with parameters in braces.
        summary: What it gives.
        form: The form of its parameters.
        answer: What it gives, as JSON.
        handle: Gives the response; blocks.
        takes_body: Whether it also takes a body.
        takes_parameters: Whether it takes query parameters in place of a body.
        has_rows: Whether its answer comes in all formats.
        is_kept: Whether its answers may be kept.
    """

    path: str
    summary: str
    form: type[BaseModel]
    answer: type[BaseModel]
    handle: Callable[[RestRequest], Response]
    takes_body: bool = False
    takes_parameters: bool = True
    has_rows: bool = False
    is_kept: bool = False


ENDPOINTS = (
    Endpoint(
        "/v1/query",
        "Ask for metrics.",
        QueryForm,
        QueryAnswer,
        query_endpoints.query,
        takes_body=True,
        has_rows=True,
        is_kept=True,
    ),
    Endpoint(
        "/v1/queries",
        "Ask several questions at once, such as all tiles of a dashboard.",
        QueriesForm,
        QueryAnswers,
        batch_endpoint.queries,
        takes_body=True,
        takes_parameters=False,
        has_rows=True,
    ),
    Endpoint(
        "/v1/sql",
        "Give the SQL of a question, without asking the warehouse.",
        QuestionForm,
        CompiledAnswer,
        query_endpoints.compiled,
        takes_body=True,
    ),
    Endpoint(
        "/v1/metrics", "List the metrics.", ListForm, Items[ListedMetric], listing_endpoints.metrics
    ),
    Endpoint(
        "/v1/metrics/{name}",
        "Describe a metric, with all that it can be asked by.",
        MetricForm,
        DescribedMetric,
        listing_endpoints.metric,
    ),
    Endpoint(
        "/v1/dimensions",
        "List the dimensions, or those that some metrics have in common.",
        MetricsListForm,
        Items[ListedDimension],
        listing_endpoints.dimensions,
    ),
    Endpoint(
        "/v1/dimension-values",
        "Give the values of a dimension.",
        PagedValuesForm,
        QueryAnswer,
        query_endpoints.dimension_values,
        takes_body=True,
        has_rows=True,
    ),
    Endpoint(
        "/v1/entities",
        "List the entities, or those that some metrics have in common.",
        MetricsListForm,
        Items[ListedEntity],
        listing_endpoints.entities,
    ),
    Endpoint(
        "/v1/measures",
        "List the measures, or those that some metrics are made of.",
        MetricsListForm,
        Items[ListedMeasure],
        listing_endpoints.measures,
    ),
    Endpoint(
        "/v1/saved-queries",
        "List the saved queries.",
        ListForm,
        Items[ListedSavedQuery],
        listing_endpoints.saved_queries,
    ),
)
