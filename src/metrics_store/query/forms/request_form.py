"""A request in plain values, as JSON and keyword arguments have it; unknown keys are rejected."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_errors import rejected
from metrics_store.query.filters.filter_json import from_json
from metrics_store.query.filters.filter_tree import all_of
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.forms.form_errors import form_error
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.spans.period_parser import parse_period

if TYPE_CHECKING:
    from metrics_store.query.filters.filter_tree import Filter

Form = TypeVar("Form", bound=BaseModel)

_MOST = 1000
_LONGEST = 1024


def _listed(given: object) -> object:
    """Take one text for a list of one."""
    return [given] if isinstance(given, str) else given


def _listed_conditions(given: object) -> object:
    return given if given is None or isinstance(given, list | tuple) else [given]


def _written(given: object) -> object:
    """Keep a number from being taken for the seconds since 1970."""
    if given is not None and not isinstance(given, str | dt.date):
        raise ValueError("a day such as 2024-01-31, or a time such as 2024-01-31T08:00:00")
    return given


Instant = Annotated[dt.datetime, BeforeValidator(_written)]
Text = Annotated[str, Field(max_length=_LONGEST)]
# How many is said of the list alone: nothing can be counted in a null.
Texts = Annotated[Annotated[list[Text], Field(max_length=_MOST)], BeforeValidator(_listed)]
Conditions = Annotated[
    Annotated[list[str | dict[str, Any]], Field(max_length=_MOST)] | None,
    BeforeValidator(_listed_conditions),
]


class QuestionForm(BaseModel):
    """A question to the metrics: `metrics` and `group_by`, or a `saved_query`."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    metrics: Texts = Field(default=[], description="Names of metrics.", examples=[["revenue"]])
    group_by: Texts = Field(
        default=[],
        description="Names to group by, times with their grain: `metric_time__month`.",
        examples=[["metric_time__month"]],
    )
    where: Conditions = Field(
        default=None,
        description="What must hold, all of it: texts as in the dbt Semantic Layer, such as "
        "`{{ Dimension('order__status') }} = 'paid'` or `order__status = 'paid'`, or conditions "
        'as objects, such as `{"is_null": {"name": {"dimension": "order__status"}}}`.',
        examples=[["order__status = 'paid'"]],
    )
    order_by: Texts = Field(
        default=[],
        description="Names out of the two above, `-` in front for descending.",
        examples=[["-revenue"]],
    )
    limit: int | None = Field(
        default=None, ge=0, strict=True, description="Greatest number of rows.", examples=[100]
    )
    start_time: Instant | None = Field(
        default=None,
        description="First day that counts, whatever the question groups by, as `metric_time__day "
        ">= '2024-01-31'` in `where`: no period is widened. A time of day, in UTC, for metrics "
        "that tell times of day apart.",
        examples=["2024-01-31"],
    )
    end_time: Instant | None = Field(
        default=None,
        description="Last day that counts, whole; else as `start_time`.",
        examples=["2024-12-31"],
    )
    period: Text | None = Field(
        default=None,
        description="The days that count, in place of start and end: `last 4 quarters` (that are "
        "over), `this month`, `next 30 days`, all from the reference date; or `2024-Q4`, "
        "`2024-12`, `FY2024-Q3`, `2024-Q1 to 2024-Q3`, `from 2024-Q1`.",
        examples=["last 4 quarters"],
    )
    saved_query: Text | None = Field(
        default=None,
        description="A saved query, in place of metrics.",
        examples=["monthly_overview"],
    )

    def request(self) -> MetricRequest:
        """Give the question as the engine takes it.

        Raises:
            MetricsStoreError: A filter says what filters cannot, a time has a zone, or there is no
                such period.
        """
        for name in ("start_time", "end_time"):
            value = getattr(self, name)
            if value is not None and value.tzinfo is not None:
                raise MetricsStoreError(
                    "a time has a zone", where=name, expected="a time in UTC, written without zone"
                )
        return MetricRequest(
            metrics=self.metrics,
            group_by=self.group_by,
            order_by=self.order_by,
            limit=self.limit,
            start_time=self.start_time,
            end_time=self.end_time,
            period=None if self.period is None else parse_period(self.period),
            saved_query=self.saved_query,
            where=read_conditions(self.where or ()),
        )


class ValuesForm(BaseModel):
    """The values of a dimension."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    dimension: Text = Field(description="What it is asked by.", examples=["order__status"])
    metrics: Texts = Field(
        default=[], description="Only values that these metrics have.", examples=[["revenue"]]
    )
    where: Conditions = Field(default=None, description="What must hold, as in a question.")
    limit: int | None = Field(
        default=None, ge=0, strict=True, description="Greatest number of values.", examples=[100]
    )

    def request(self) -> MetricRequest:
        """Give the question as the engine takes it.

        Raises:
            MetricsStoreError: A filter says what filters cannot.
        """
        return MetricRequest(
            metrics=self.metrics,
            group_by=[self.dimension],
            limit=self.limit,
            where=read_conditions(self.where or ()),
        )


def read_conditions(given: list[str | dict[str, Any]] | tuple[()]) -> Filter | None:
    """Understand conditions that must all hold, each a text or an object; none for no condition.

    Raises:
        MetricsStoreError: One says what filters cannot.
    """
    try:
        parts = tuple(
            parse_filter(one) if isinstance(one, str) else from_json(one) for one in given
        )
    except RecursionError:
        raise rejected("a filter is nested too deeply") from None
    if not parts:
        return None
    return all_of(parts)


def read_form(form: type[Form], given: object) -> Form:
    """Understand plain values as a form.

    Args:
        form: The form they should have.
        given: The values, by their keys.

    Raises:
        MetricsStoreError: A key is not known, missing, or has a value of another kind.
    """
    if not isinstance(given, dict):
        raise MetricsStoreError(
            "the question is no object",
            expected="a JSON object",
            remedy="write it as " + json.dumps({"metrics": ["revenue"]}),
        )
    try:
        return form.model_validate(given)
    except ValidationError as error:
        raise form_error(error, form, given, "the question") from None
