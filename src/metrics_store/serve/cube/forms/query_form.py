"""Cube's queries as JSON: read by an allow-list of keys, each with the kind of value it has."""

from __future__ import annotations

import functools
import json
import zoneinfo
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from metrics_store.errors import LimitExceededError, MetricsStoreError
from metrics_store.query.forms.request_form import read_form
from metrics_store.serve.http.json_bodies import parse_strictly

# As Cube has it: so many rows where nothing is said, and so many at most.
DEFAULT_LIMIT, GREATEST_LIMIT = 10_000, 50_000
UTC = "UTC"
_MOST = 1_000
_MOST_QUERIES = 100
_EXAMPLE = (
    'a query such as {"measures": ["orders.revenue"], "dimensions": ["orders.metric_time.month"]}'
)
_DIRECTIONS = ("asc", "desc")


def _given(value: object) -> object:
    """Take null for an empty list, as clients write it."""
    return [] if value is None else value


Text = Annotated[str, Field(max_length=1024)]
Names = Annotated[Annotated[list[Text], Field(max_length=_MOST)], BeforeValidator(_given)]
Objects = Annotated[Annotated[list[Any], Field(max_length=_MOST)], BeforeValidator(_given)]
Ends = Annotated[list[Text], Field(min_length=1, max_length=2)]
Range = Text | Ends
Count = Annotated[int | None, Field(ge=0, strict=True)]


class TimeDimensionForm(BaseModel):
    """A time, by the periods of a granularity, within a range, or both."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    dimension: Text
    granularity: Text | None = None
    dateRange: Range | None = None  # noqa: N815 - what Cube calls it
    compareDateRange: Annotated[list[Range], Field(min_length=1, max_length=20)] | None = None  # noqa: N815


class CubeQueryForm(BaseModel):
    """A query."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    measures: Names = []
    dimensions: Names = []
    timeDimensions: Annotated[  # noqa: N815 - what Cube calls it
        Annotated[list[TimeDimensionForm], Field(max_length=_MOST)], BeforeValidator(_given)
    ] = []
    filters: Objects = []
    segments: Names = []
    order: Any = None
    limit: Count = None
    rowLimit: Count = None  # noqa: N815
    offset: Count = None
    total: bool | None = None
    timezone: Text | None = None
    ungrouped: bool | None = None
    responseFormat: Literal["default", "compact", "columnar"] | None = None  # noqa: N815
    # What Cube keeps and when it asks anew is its own; here every answer is of what is live.
    renewQuery: bool | None = None  # noqa: N815
    cache: Text | None = None
    cacheMode: Text | None = None  # noqa: N815

    @property
    def rows(self) -> int:
        """How many rows are wanted at most."""
        given = self.rowLimit if self.limit is None else self.limit
        return DEFAULT_LIMIT if given is None else given

    @property
    def zone(self) -> str:
        """The time zone."""
        return self.timezone or UTC

    @property
    def ordered(self) -> list[tuple[str, str]] | None:
        """The members to order by with their directions; none where nothing is said.

        Raises:
            MetricsStoreError: It has another form.
        """
        given = self.order
        if isinstance(given, dict):
            given = list(given.items())
        if not given:
            return None
        if not isinstance(given, list) or len(given) > _MOST:
            raise _no_order(given)
        for one in given:
            if not isinstance(one, list | tuple) or len(one) != 2:  # noqa: PLR2004 - a pair
                raise _no_order(one)
            if not isinstance(one[0], str) or one[1] not in _DIRECTIONS:
                raise _no_order(one)
        return [(member, direction) for member, direction in given]


def _no_order(given: object) -> MetricsStoreError:
    return MetricsStoreError(
        "the order is of another form",
        where=repr(given)[:80],
        expected='{"orders.revenue": "desc"} or [["orders.revenue", "desc"]]',
    )


def read_queries(given: object) -> tuple[list[CubeQueryForm], bool]:
    """Understand a query, or several of them; also say whether it was a list.

    Args:
        given: The query, as JSON values or as the text of them.

    Raises:
        MetricsStoreError: It is none.
    """
    if given is None or given in ("", "undefined"):
        raise MetricsStoreError("the query is missing", where="query", expected=_EXAMPLE)
    if isinstance(given, str):
        given = read_json(given)
    if not isinstance(given, list):
        return [_read_query(given)], False
    if not 0 < len(given) <= _MOST_QUERIES:
        raise LimitExceededError(
            "there are too many queries, or none",
            where=str(len(given)),
            expected=f"1 to {_MOST_QUERIES}",
        )
    return [_read_query(one) for one in given], True


def _read_query(given: object) -> CubeQueryForm:
    if not isinstance(given, dict):
        raise MetricsStoreError("the query is no object", expected=_EXAMPLE)
    form = read_form(CubeQueryForm, given)
    times = form.timeDimensions
    if not (form.measures or form.dimensions or any(one.granularity for one in times)):
        raise MetricsStoreError(
            "the query asks for nothing",
            expected="measures, dimensions, or a timeDimension with a granularity",
        )
    if form.ungrouped:
        raise MetricsStoreError(
            "there are no rows without a grouping here",
            where="ungrouped",
            expected="measures by dimensions",
            remedy="leave `ungrouped` out",
        )
    if form.segments:
        raise MetricsStoreError(
            "there is no such segment",
            where=form.segments[0],
            remedy="write its conditions as filters",
        )
    if form.rows > GREATEST_LIMIT:
        raise LimitExceededError(
            "the limit is too great", where="limit", expected=f"at most {GREATEST_LIMIT:,} rows",
            remedy="ask for pages by `limit` and `offset`",
        )  # fmt: skip
    if form.zone not in _zones():
        raise MetricsStoreError(
            "there is no such time zone", where=form.zone, expected="such as Europe/Berlin"
        )
    return form


def read_json(text: str | bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Read JSON with its decimals as they are written.

    Raises:
        MetricsStoreError: It is none.
    """
    try:
        return parse_strictly(text, Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise MetricsStoreError("the query is not JSON", where=place, expected=_EXAMPLE) from None


@functools.cache
def _zones() -> frozenset[str]:
    """Give the names of all zones; files of the machine are read for that, once."""
    return frozenset({UTC, *zoneinfo.available_timezones()})
