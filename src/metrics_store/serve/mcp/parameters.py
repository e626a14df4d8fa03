"""The arguments of the tools, and the request that they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from metrics_store.errors import MetricsStoreError
from metrics_store.query.calls.object_parser import Order
from metrics_store.query.filters.filter_tree import Kind, Name
from metrics_store.query.filters.parser.filter_parser import parse_filters
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 100
_LONGEST_NAME = 255
_LONGEST_FILTER = 10_000
_MOST_TERMS = 20

Text = Annotated[str, Field(max_length=_LONGEST_NAME)]
Metrics = Annotated[
    list[Text],
    Field(max_length=MOST, description="Names of metrics, as list_metrics gives them."),
]
Search = Annotated[Text | None, Field(description="Only what has this text in its name or words.")]
SearchTerms = Annotated[
    Text | Annotated[list[Text], Field(max_length=_MOST_TERMS)] | None,
    Field(description="Only metrics with this text, or one of these, in name or words."),
]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000, description="Which page, from 1.")]
PageSize = Annotated[int, Field(ge=1, le=MOST, description="How many on a page.")]
Where = Annotated[
    str | None,
    Field(
        max_length=_LONGEST_FILTER,
        description="What must hold, with names as {{ Dimension('name') }}, "
        "{{ TimeDimension('name', 'grain') }} or {{ Entity('name') }}, and days as '2024-01-31'.",
    ),
]
Limit = Annotated[int | None, Field(ge=0, le=10**9, description="Greatest number of rows.")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GroupBy(_Strict):
    """A dimension, a time by its grain, or an entity."""

    name: Text
    type: Literal["dimension", "time_dimension", "entity"] = "dimension"
    grain: Text | None = None


class OrderBy(_Strict):
    """A metric or a group-by of the same question."""

    name: Text
    descending: bool = False
    grain: Text | None = None


GroupBys = Annotated[
    list[GroupBy] | None,
    Field(max_length=MOST, description="What to group by: name, type, and the grain of a time."),
]
OrderBys = Annotated[
    list[OrderBy] | None,
    Field(max_length=MOST, description="What to order by: metrics, or group-bys of the question."),
]


def request_of(
    metrics: Sequence[str],
    group_by: Sequence[GroupBy] | None,
    order_by: Sequence[OrderBy] | None,
    where: str | None,
    limit: int | None,
) -> MetricRequest:
    """Give the request of a tool's arguments.

    Raises:
        MetricsStoreError: A name is none, or the filter cannot be understood.
    """
    group_bys = [_group_by(one) for one in group_by or ()]
    orders = [Order(_graded(one.name, one.grain), one.descending) for one in order_by or ()]
    texts = [text] if (text := _unquoted(where or "")) else []
    return MetricRequest(
        metrics=metrics,
        group_by=group_bys,
        order_by=list(map(str, orders)),
        limit=limit,
        where=parse_filters(texts),
    )


def _group_by(group_by: GroupBy) -> str:
    if group_by.grain and group_by.type == Kind.ENTITY.value:
        raise MetricsStoreError("an entity has no grain", where=group_by.name)
    return _graded(group_by.name, group_by.grain)


def _graded(name: str, grain: str | None) -> str:
    return str(Name(name.lower(), Kind.UNSPECIFIED, grain.lower() if grain else None))


def _unquoted(where: str) -> str:
    """Take off the double quotes that assistants put around a filter."""
    text = where.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text
