"""Queries as Cube writes them back: ranges as dates, and what clients pivot several by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.serve.cube.forms.query_form import TimeDimensionForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.serve.cube.cube_questions import CubeQuestion
    from metrics_store.serve.cube.forms.query_form import CubeQueryForm

REGULAR, COMPARED, BLENDED = "regularQuery", "compareDateRangeQuery", "blendingQuery"
COMPARE_KEY, TIME_KEY = "compareDateRange", "time"


def compared_queries(form: CubeQueryForm) -> list[CubeQueryForm] | None:
    """Give a query for each of the ranges that it compares; none where it compares none.

    Raises:
        MetricsStoreError: Several times compare, or one has a range besides.
    """
    comparing = [one for one in form.timeDimensions if one.compareDateRange is not None]
    if not comparing:
        return None
    if len(comparing) > 1 or comparing[0].dateRange is not None:
        raise MetricsStoreError(
            "compareDateRange stands twice, or beside a dateRange",
            where=comparing[-1].dimension,
            expected="it in one time dimension, without dateRange",
        )
    [time] = comparing
    found = []
    for span in time.compareDateRange or ():
        own = TimeDimensionForm(
            dimension=time.dimension, granularity=time.granularity, dateRange=span
        )
        times = [own if one is time else one for one in form.timeDimensions]
        found.append(form.model_copy(update={"timeDimensions": times}))
    return found


def normal_query(question: CubeQuestion) -> dict[str, Any]:
    """Give a query in its normal form."""
    form = question.form
    found: dict[str, Any] = {
        "measures": [one.name for one in question.measures],
        "dimensions": [one.name for one in question.dimensions],
        "timeDimensions": [
            {
                "dimension": one.member.name,
                **({} if one.granularity is None else {"granularity": one.granularity}),
                **({} if one.range is None else {"dateRange": list(one.range.texts)}),
            }
            for one in question.times
        ],
        "filters": _filters(form.filters),
        "segments": [],
        "timezone": form.zone,
        "limit": form.rows,
        "rowLimit": form.rows,
    }
    if form.ordered is not None:
        found["order"] = [{"id": one, "desc": way == "desc"} for one, way in form.ordered]
    for name in ("offset", "total", "responseFormat"):
        if getattr(form, name) is not None:
            found[name] = getattr(form, name)
    return found


def _filters(given: Sequence[Any]) -> list[Any]:
    """Give filters with the names of their members where clients look for them."""
    found = []
    for one in given:
        word = next((key for key in ("and", "or") if key in one), None)
        if word is not None:
            found.append({word: _filters(one[word])})
            continue
        entry = {"member": one.get("member", one.get("dimension")), "operator": one["operator"]}
        if one.get("values"):
            entry["values"] = [None if value is None else _text(value) for value in one["values"]]
        found.append(entry)
    return found


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def pivot_query(kind: str, queries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Give the query that clients pivot the answers of several by."""
    first = dict(queries[0])
    if kind == BLENDED:
        grains = [_granularity(one) for one in queries]
        first = {
            name: list(dict.fromkeys(member for one in queries for member in one[name]))
            for name in ("measures", "dimensions")
        }
        first["timeDimensions"] = [{"dimension": TIME_KEY, "granularity": grains[0]}]
    elif kind == COMPARED:
        first["dimensions"] = [COMPARE_KEY, *first["dimensions"]]
    return {**first, "queryType": kind}


def check_blended(queries: Sequence[dict[str, Any]]) -> None:
    """Reject queries that have no time in common to be put together by.

    Raises:
        MetricsStoreError: Their granularities differ, or there are none.
    """
    grains = {_granularity(one) for one in queries}
    if len(grains) != 1 or None in grains:
        raise MetricsStoreError(
            "several queries are put together by their time, and theirs are not the same",
            where=", ".join(str(one) for one in sorted(map(str, grains))),
            expected="the same granularity in the first time dimension of each",
        )


def _granularity(query: dict[str, Any]) -> str | None:
    times = query["timeDimensions"]
    return times[0].get("granularity") if times else None
