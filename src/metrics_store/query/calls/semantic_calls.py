"""The calls of the semantic layer: for rows, for dimension values, and for lists."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics_store.query.metric_request import MetricRequest


@dataclass(frozen=True)
class QueryCall:
    """Asks for the rows of a request.

    Attributes:
        request: The request.
        compiled: Whether the SQL is requested in place of the rows.
    """

    request: MetricRequest
    compiled: bool = False


@dataclass(frozen=True)
class ValuesCall:
    """Asks which values a dimension has.

    Attributes:
        request: The dimension, and metrics that it must be a dimension of.
    """

    request: MetricRequest


class Listing(enum.Enum):
    """What the definitions can list; the values are the names of the calls."""

    METRICS = "metrics"
    DIMENSIONS = "dimensions"
    MEASURES = "measures"
    ENTITIES = "entities"
    QUERYABLE_GRANULARITIES = "queryable_granularities"
    METRICS_FOR_DIMENSIONS = "metrics_for_dimensions"
    SAVED_QUERIES = "saved_queries"


@dataclass(frozen=True)
class ListCall:
    """Asks for a list out of the definitions.

    Attributes:
        listing: What is listed.
        metrics: Only what belongs to all of these metrics; none for no such limit.
        group_by: Only what can be grouped by all of these; none for no such limit.
        search: Only names with this text in them.
        page_size: Greatest number of rows; none for all of them.
        page_number: Which page of that size, from 1.
    """

    listing: Listing
    metrics: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    search: str = ""
    page_size: int | None = None
    page_number: int = 1


Call = QueryCall | ValuesCall | ListCall
