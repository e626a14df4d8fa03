"""Why an answer is empty: a value that nothing has, a time or a dimension without data."""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.query.output.column_units import is_metric

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

    from metrics_store.query.filters.filter_tree import Filter
    from metrics_store.query.metric_request import MetricRequest

    Ask = Callable[[MetricRequest], pa.Table]

_MOST_VALUES = 5_000
_SHOWN = 5
_FEW_ROWS = 50
# How alike texts are of which one may be a slip of the other, from 0 to 1.
_ALIKE = 0.7


def is_empty(answer: pa.Table) -> bool:
    """Whether an answer has no rows, or nothing but zeros in them and no values."""
    if answer.num_rows == 0:
        return True
    if answer.num_rows > _FEW_ROWS:
        return False
    metrics = [place for place, field in enumerate(answer.schema) if is_metric(field)]
    return bool(metrics) and not any(any(answer.column(one).to_pylist()) for one in metrics)


def empty_groups(request: MetricRequest, answer: pa.Table) -> tuple[str, ...]:
    """Tell of dimensions that have no value in any row, though nothing was filtered.

    A column that the raw tables lack ends so: one group without a name, which looks like an answer.
    """
    if request.where is not None or request.limit == 0 or answer.num_rows == 0:
        return ()
    return tuple(
        f"{field.name} has no value in any row: what lands the raw tables may not bring it"
        for place, field in enumerate(answer.schema)
        if not is_metric(field) and answer.column(place).null_count == answer.num_rows
    )


def reasons(request: MetricRequest, ask: Ask) -> tuple[str, ...]:
    """Say why the answer to a request is empty, as far as that can be found out.

    Args:
        request: The request, its period as days.
        ask: Answers a request for the same principal: what they may not see is in no reason.
    """
    if request.limit == 0:
        return ()
    if not (request.where or request.start_time or request.end_time):
        return tuple(_nothing_at_all(request, ask))
    # Most requests end with rows and do not wait for what filters are made of.
    from metrics_store.query.filters.filter_tree import conjuncts  # noqa: PLC0415

    parts = [] if request.where is None else list(conjuncts(request.where))
    found = list(_unknown_values(parts, ask))
    if not found and request.metrics:
        found = list(_times_without_data(request, parts, ask))
    return tuple(found)


def _nothing_at_all(request: MetricRequest, ask: Ask) -> Iterator[str]:
    """Tell of metrics without data, which the metrics alone show.

    An answer by groups may be cut off by its limit, or be of days on which nothing was counted.
    """
    if not request.metrics:
        return
    if request.group_by or request.limit is not None:
        alone = dataclasses.replace(request, group_by=(), order_by=(), limit=None)
        try:
            if not is_empty(ask(alone)):
                return
        except MetricsStoreError:
            return
    yield f"{', '.join(request.metrics)}: there is no data at any time, or nothing but zeros"


def _unknown_values(parts: Sequence[Filter], ask: Ask) -> Iterator[str]:
    from metrics_store.query.filters.filter_tree import (  # noqa: PLC0415 - as above
        Comparison,
        Membership,
        Name,
        Operator,
    )

    for part in parts:
        match part:
            case Comparison(Name() as name, Operator.EQUAL, str(value)):
                wanted = [value]
            case Membership(Name() as name, values) if all(isinstance(v, str) for v in values):
                wanted = [str(one) for one in values]
            case _:
                continue
        known = None if name.group_by or name.grain else _values(name.path, ask)
        if known and not set(wanted) & set(known):
            yield f"no {name} is {' or '.join(map(_quoted, wanted))}; {_proposal(wanted, known)}"


def _values(dimension: str, ask: Ask) -> list[str]:
    """Give the texts that a dimension has; none where it is of another kind, or has too many."""
    from metrics_store.query.metric_request import MetricRequest  # noqa: PLC0415 - as above

    try:
        table = ask(MetricRequest(group_by=[dimension], limit=_MOST_VALUES + 1))
    except MetricsStoreError:
        return []
    values = [one for one in table.column(0).to_pylist() if one is not None]
    is_text = all(isinstance(one, str) for one in values)
    return values if is_text and len(values) <= _MOST_VALUES else []


def _proposal(wanted: Sequence[str], known: Sequence[str]) -> str:
    folded = {one.casefold(): one for one in reversed(known)}
    near: list[str] = []
    for one in wanted:
        text = one.strip().casefold()
        alike = [text] if text in folded else difflib.get_close_matches(text, folded, 2, _ALIKE)
        alike = alike or [value for value in folded if text and text in value][:2]
        near += [folded[value] for value in alike]
    if near:
        return f"did you mean {' or '.join(map(_quoted, dict.fromkeys(near)))}?"
    others = len(known) - _SHOWN
    shown = ", ".join(map(_quoted, known[:_SHOWN]))
    return f"it is one of {shown}" + (f" and {others} others" if others > 0 else "")


def _quoted(text: str) -> str:
    return f"'{text}'"


def _times_without_data(request: MetricRequest, parts: Sequence[Filter], ask: Ask) -> Iterator[str]:
    from metrics_store.query.filters.filter_tree import (  # noqa: PLC0415 - as above
        Any,
        Comparison,
        Name,
        Operator,
        all_of,
    )
    from metrics_store.query.filters.renamed_filter import names_of  # noqa: PLC0415 - as above

    others = [
        part
        for part in parts
        if not all(one.path.split("__")[0] == METRIC_TIME for one in names_of(part))
    ]
    if len(others) == len(parts) and not (request.start_time or request.end_time):
        return
    some = Any(tuple(Comparison(Name(one), Operator.NOT_EQUAL, 0) for one in request.metrics))
    ends = dataclasses.replace(
        request,
        group_by=(METRIC_TIME,),
        where=all_of([*others, some]),
        start_time=None,
        end_time=None,
        limit=1,
    )
    days = [
        _day(ask, dataclasses.replace(ends, order_by=(f"{sign}{METRIC_TIME}",)))
        for sign in ("", "-")
    ]
    first, last = days
    names = ", ".join(request.metrics)
    if first is None or last is None:
        yield f"{names}: there is no data at any time" + (" for this filter" if others else "")
        return
    starts_after = request.start_time and request.start_time.date() > last
    ends_before = request.end_time and request.end_time.date() < first
    if starts_after or ends_before or len(others) < len(parts):
        yield f"{names}: there is no data in this time; all there is lies from {first} to {last}"


def _day(ask: Ask, request: MetricRequest) -> dt.date | None:
    try:
        found = ask(request).column(0).to_pylist()
    except MetricsStoreError:
        return None
    day: dt.date | None = found[0] if found else None
    return day.date() if isinstance(day, dt.datetime) else day
