"""The arguments of the tools, and the request that they make."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from metrics_store.errors import MetricsStoreError
from metrics_store.query.calls.call_parser import parse_syntax
from metrics_store.query.calls.object_parser import Order, read_group_by
from metrics_store.query.filters.filter_tree import Kind
from metrics_store.query.forms.request_form import QuestionForm, read_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.query.metric_request import MetricRequest

MOST = 100
_LONGEST_NAME = 255
_LONGEST_FILTER = 10_000
_MOST_TERMS = 20
_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
_DIRECTION = re.compile(r"(.+?)\s+(asc|desc)(?:ending)?", re.IGNORECASE)


def _names(given: object) -> object:
    """Take a text for the names in it, and one thing for a list of it."""
    if isinstance(given, str) and "(" not in given:
        return [part.strip() for part in given.split(",") if part.strip()]
    return [given] if isinstance(given, str | dict) else given


def _texts(given: object) -> object:
    return [given] if isinstance(given, str) else given


Text = Annotated[str, Field(max_length=_LONGEST_NAME)]
_Filter = Annotated[str, Field(max_length=_LONGEST_FILTER)]
# How many is said of the list alone: nothing can be counted in a null.
_Metrics = Annotated[list[Text], Field(max_length=MOST)]
Metrics = Annotated[
    _Metrics,
    BeforeValidator(_names),
    Field(
        description="Names of metrics, as list_metrics gives them.",
        examples=[["revenue"]],
    ),
]
MetricsOrNone = Annotated[
    _Metrics | None,
    BeforeValidator(_names),
    Field(
        description="Names of metrics, as list_metrics gives them; none with saved_query.",
        examples=[["revenue"]],
    ),
]
DimensionName = Annotated[
    Text, Field(description="Its name, as get_dimensions gives it.", examples=["order__status"])
]
SavedQueryName = Annotated[
    Text | None,
    Field(
        description="A saved query, as list_saved_queries gives it, in place of metrics.",
        examples=["monthly_overview"],
    ),
]
Search = Annotated[Text | None, Field(description="Only what has this text in its name or words.")]
SearchTerms = Annotated[
    Text | Annotated[list[Text], Field(max_length=_MOST_TERMS)] | None,
    Field(description="Only metrics with this text, or one of these, in name or words."),
]
MetaFilter = Annotated[
    dict[str, Any] | None,
    Field(
        description="Only metrics whose config.meta has these values.",
        examples=[{"tier": "certified"}],
    ),
]
PageNumber = Annotated[int, Field(ge=1, le=1_000_000, description="Which page, from 1.")]
PageSize = Annotated[int, Field(ge=1, le=MOST, description="How many on a page.")]
Where = Annotated[
    Annotated[list[_Filter], Field(max_length=MOST)] | None,
    BeforeValidator(_texts),
    Field(
        description="What must hold, all of it: names as get_dimensions gives them, values in "
        "single quotes, days as '2024-01-31'.",
        examples=[["order__status = 'paid'", "metric_time__day >= '2024-01-31'"]],
    ),
]
Start = Annotated[
    Text | None,
    Field(
        description="First day that counts, whatever is grouped by; no period is widened.",
        examples=["2024-01-31"],
    ),
]
End = Annotated[
    Text | None, Field(description="Last day that counts, whole.", examples=["2024-12-31"])
]
Period = Annotated[
    Text | None,
    Field(
        description="The days that count, in place of start_time and end_time: `last 4 quarters` "
        "(that are over), `this month`, `next 30 days`, from the newest day of the data; or "
        "`2024-Q4`, `2024-12`, `FY2024-Q3`, `2024-Q1 to 2024-Q3`.",
        examples=["last 4 quarters"],
    ),
]
Limit = Annotated[
    int | None, Field(ge=0, le=10**9, description="Greatest number of rows.", examples=[100])
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class GroupBy(_Strict):
    """A dimension, a time by its grain, or an entity."""

    name: Text = Field(examples=["order__status"])
    type: Literal["dimension", "time_dimension", "entity"] = "dimension"
    grain: Text | None = Field(default=None, examples=["month"])


class OrderBy(_Strict):
    """A metric or a group-by of the same question."""

    name: Text = Field(examples=["revenue"])
    descending: bool = Field(default=False, examples=[True])
    grain: Text | None = Field(default=None, examples=["month"])


GroupBys = Annotated[
    Annotated[list[Text | GroupBy], Field(max_length=MOST)] | None,
    BeforeValidator(_names),
    Field(
        description="What to group by: names as get_dimensions gives them, or their last part "
        "where it is unique; times with a grain.",
        examples=[["metric_time__month", "order__status"]],
    ),
]
OrderBys = Annotated[
    Annotated[list[Text | OrderBy], Field(max_length=MOST)] | None,
    BeforeValidator(_names),
    Field(
        description="What to order by: metrics, or group-bys of the question; `-` in front for "
        "the greatest first.",
        examples=[["-revenue"]],
    ),
]


def request_of(  # noqa: PLR0913, PLR0917 - an argument a part of a question
    metrics: Sequence[str] | None,
    group_by: Sequence[str | GroupBy] | None,
    order_by: Sequence[str | OrderBy] | None,
    where: Sequence[str] | None,
    limit: int | None,
    start_time: str | None,
    end_time: str | None,
    period: str | None,
    saved_query: str | None,
) -> MetricRequest:
    """Give the request of a tool's arguments.

    Raises:
        MetricsStoreError: A name is none, or a filter, a time or a period cannot be understood.
    """
    fields = {
        "metrics": list(metrics or ()),
        "group_by": [_group_by(one) for one in group_by or ()],
        "order_by": [str(_order(one)) for one in order_by or ()],
        "where": conditions_of(where),
        "limit": limit,
        "start_time": start_time or None,
        "end_time": end_time or None,
        "period": period or None,
        "saved_query": saved_query or None,
    }
    return read_form(QuestionForm, fields).request()


def conditions_of(where: Sequence[str] | None) -> list[str]:
    """Give the filters that say something, without the quotes that assistants put around them."""
    return [text for one in where or () if (text := _unquoted(one))]


def _group_by(group_by: str | GroupBy) -> str:
    if isinstance(group_by, str):
        # As saved queries write it.
        return _called(group_by) if "(" in group_by else _named(group_by)
    if group_by.grain and group_by.type == Kind.ENTITY.value:
        raise MetricsStoreError("an entity has no grain", where=group_by.name)
    return _named(group_by.name, group_by.grain)


def _order(order: str | OrderBy) -> Order:
    if not isinstance(order, str):
        return Order(_named(order.name, order.grain), order.descending)
    text = order.strip()
    if said := _DIRECTION.fullmatch(text):
        return Order(_named(said[1]), said[2].lower() == "desc")
    return Order(_named(text.lstrip("+-")), text.startswith("-"))


def _named(text: str, grain: str | None = None) -> str:
    """Give a name as requests have it."""
    name, grain = text.strip().lower(), grain.lower() if grain else None
    for part in (name, grain) if grain else (name,):
        if not _NAME.fullmatch(part):
            likely = part.replace(".", "__").replace(" ", "_")
            raise MetricsStoreError(
                "a name has characters that names do not have",
                where=part or "an empty name",
                expected="letters, digits and underscores, as get_dimensions gives it",
                remedy=f"ask by {likely}" if _NAME.fullmatch(likely) else "",
            )
    return f"{name}__{grain}" if grain and not name.endswith(f"__{grain}") else name


def _called(text: str) -> str:
    """Give the name that is written as a call, such as `TimeDimension('metric_time', 'month')`."""
    call = text.strip().removeprefix("{{").removesuffix("}}").strip()
    try:
        return read_group_by(parse_syntax(call, call, 0))
    except MetricsStoreError:
        raise MetricsStoreError(
            "a name cannot be read",
            where=text,
            expected="order__status, metric_time__month or TimeDimension('metric_time', 'month')",
        ) from None


def _unquoted(where: str) -> str:
    """Take off the double quotes that assistants put around a filter."""
    text = where.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == '"' else text
