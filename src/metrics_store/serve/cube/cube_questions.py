"""A query of Cube as the question that it asks of the metrics."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_tree import Constant, all_of
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.metric_time import METRIC_TIME
from metrics_store.serve.cube.cubes import TIME
from metrics_store.serve.cube.forms.cube_ranges import read_range
from metrics_store.serve.cube.forms.filter_form import read_filters
from metrics_store.serve.cube.forms.query_form import UTC
from metrics_store.serve.cube.member_filters import MemberFilters

if TYPE_CHECKING:
    from metrics_store.query.filters.filter_tree import Filter
    from metrics_store.serve.cube.cubes import Cubes, Member
    from metrics_store.serve.cube.forms.cube_ranges import Dated, DateRange, Moment
    from metrics_store.serve.cube.forms.filter_form import Group
    from metrics_store.serve.cube.forms.query_form import CubeQueryForm

_GRAIN = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
# All of them are what UTC is.
_AS_UTC = {
    UTC,
    "Etc/UTC",
    "Etc/GMT",
    "GMT",
    "Etc/Universal",
    "Etc/Zulu",
    "Universal",
    "Zulu",
    "UCT",
}


@dataclass(frozen=True)
class TimeDimension:
    """A time of a query.

    Attributes:
        member: The time.
        granularity: The grain of the periods that it is asked by; none for a filter alone.
        range: The range that counts; none for all times.
    """

    member: Member
    granularity: str | None = None
    range: DateRange | None = None

    @property
    def key(self) -> str:
        """What Cube's rows call it."""
        return f"{self.member.name}.{self.granularity}"

    @property
    def group_by(self) -> str:
        """What it is grouped by."""
        return f"{self.member.dimension().path}__{self.granularity}"


@dataclass(frozen=True)
class CubeQuestion:
    """What a query asks.

    Attributes:
        form: The query.
        measures: Its measures.
        dimensions: Its dimensions, times without a granularity among them.
        times: Its time dimensions.
        filters: Its filters.
        order: What its rows are ordered by, with `-` in front for descending; empty for nothing.
        request: The question, with the rows that are skipped.
    """

    form: CubeQueryForm
    measures: tuple[Member, ...]
    dimensions: tuple[Member, ...]
    times: tuple[TimeDimension, ...]
    filters: Group
    order: tuple[str, ...]
    request: MetricRequest = field(default_factory=MetricRequest)

    @property
    def periods(self) -> list[TimeDimension]:
        """The times that it is grouped by."""
        return [one for one in self.times if one.granularity is not None]

    @property
    def columns(self) -> list[tuple[str, str]]:
        """What its rows have, as Cube calls it, with the column of the answer it is from."""
        names = [(one.name, one.dimension().group_by) for one in self.dimensions]
        names += [(one.key, one.group_by) for one in self.periods]
        return names + [(one.name, one.column.name) for one in self.measures]


def cube_question(form: CubeQueryForm, cubes: Cubes, dated: Dated) -> CubeQuestion:
    """Understand a query.

    Args:
        form: The query.
        cubes: The cubes that its caller sees.
        dated: Gives a request with the days of its period, counted from the reference date.

    Raises:
        MetricsStoreError: It names what there is not, or asks what cannot be asked.
    """
    measures = tuple(cubes.measure(one) for one in dict.fromkeys(form.measures))
    dimensions, times = _dimensions(form, cubes)
    times += _time_dimensions(form, cubes, dated)
    filters = read_filters(form.filters)
    question = CubeQuestion(form, measures, dimensions, times, filters, ())
    order = _order(question)
    metrics = list(dict.fromkeys(one.column.name for one in measures))
    filtered = [cubes.member(one.member) for one in filters.conditions()]
    beside = [one.column.name for one in filtered if one.measure is not None]
    every = list(dict.fromkeys([*metrics, *beside]))
    _check_zone(question, cubes, [*filtered, *(one.member for one in times)], every)
    making = MemberFilters(cubes, every, metrics, dated)
    start, end, parts = _spans(times, making)
    parts.append(filters.tree(lambda one: making.condition(one, cubes.member(one.member))))
    where = all_of(parts)
    request = MetricRequest(
        metrics=every,
        group_by=list(dict.fromkeys(column for _, column in _grouped(question))),
        order_by=order,
        # A total is counted, and so all rows are asked for.
        limit=None if form.total else form.rows + (form.offset or 0),
        start_time=start,
        end_time=end,
        where=None if where == Constant(holds=True) else where,
    )
    return CubeQuestion(form, measures, dimensions, times, filters, order, request)


def _grouped(question: CubeQuestion) -> list[tuple[str, str]]:
    named = {one.name for one in question.measures}
    return [(key, column) for key, column in question.columns if key not in named]


def _dimensions(
    form: CubeQueryForm, cubes: Cubes
) -> tuple[tuple[Member, ...], tuple[TimeDimension, ...]]:
    """Take `orders.metric_time.month` among the dimensions for a time dimension."""
    plain, times = [], []
    for name in dict.fromkeys(form.dimensions):
        path, _, last = name.rpartition(".")
        if "." in path:
            times.append(TimeDimension(cubes.member(path), _granularity(cubes.member(path), last)))
        else:
            member = cubes.member(name)
            member.dimension()
            plain.append(member)
    return tuple(plain), tuple(times)


def _time_dimensions(form: CubeQueryForm, cubes: Cubes, dated: Dated) -> tuple[TimeDimension, ...]:
    found = []
    for one in form.timeDimensions:
        if one.compareDateRange is not None:
            raise MetricsStoreError(
                "compareDateRange stands where there is nothing to compare",
                where=one.dimension,
                expected="it in one time dimension of a query by itself, without dateRange",
            )
        member = cubes.member(one.dimension)
        if member.type != TIME:
            raise MetricsStoreError(
                "this is no time", where=one.dimension, expected="a member of type time"
            )
        asked = None if one.granularity is None else _granularity(member, one.granularity)
        span = None if one.dateRange is None else read_range(one.dateRange, dated)
        found.append(TimeDimension(member, asked, span))
    return tuple(found)


def _granularity(member: Member, granularity: str) -> str:
    column = member.dimension()
    if not column.is_time or column.grain is not None or not _GRAIN.fullmatch(granularity):
        raise MetricsStoreError(
            "there is no such granularity",
            where=f"{member.name}.{granularity}",
            expected=f"one of {', '.join(column.grains)}"
            if column.is_time and column.grain is None
            else "a time dimension",
        )
    return granularity


def _order(question: CubeQuestion) -> tuple[str, ...]:
    """Give what rows are ordered by; to the last, as pages of ties would repeat rows."""
    columns = dict(question.columns)
    # A time may be said without the granularity that it is asked by.
    for time in reversed(question.periods):
        columns.setdefault(time.member.name, time.group_by)
    ordered = question.form.ordered
    if ordered is None:
        ordered = _default_order(question)
    found: dict[str, str] = {}
    for name, direction in ordered:
        if name not in columns:
            raise MetricsStoreError(
                "an answer can be ordered only by what is asked",
                where=name,
                expected=" or ".join(columns),
            )
        found.setdefault(columns[name], "-" if direction == "desc" else "")
    for _, column in _grouped(question):
        found.setdefault(column, "")
    return tuple(f"{direction}{column}" for column, direction in found.items())


def _default_order(question: CubeQuestion) -> list[tuple[str, str]]:
    """Give Cube's own order: the first time upwards, else the first measure downwards."""
    if question.periods:
        return [(question.periods[0].key, "asc")]
    if question.measures:
        return [(question.measures[0].name, "desc")]
    return [(question.dimensions[0].name, "asc")]


def _spans(
    times: tuple[TimeDimension, ...], making: MemberFilters
) -> tuple[dt.datetime | None, dt.datetime | None, list[Filter]]:
    """Give the range of `metric_time` as the question's own, and all others as conditions."""
    start = end = None
    parts: list[Filter] = []
    for time in times:
        column = time.member.dimension()
        if time.range is None:
            continue
        if column.path == METRIC_TIME and column.grain is None and start is None:
            start, end = map(_moment, (time.range.first, time.range.last))
        else:
            parts.append(making.within(column, time.range))
    return start, end, parts


def _moment(given: Moment) -> dt.datetime:
    return given if isinstance(given, dt.datetime) else dt.datetime.combine(given, dt.time())


def _check_zone(
    question: CubeQuestion, cubes: Cubes, members: list[Member], metrics: list[str]
) -> None:
    """Reject another zone for times of day, which are in UTC; a day is the same in every zone."""
    zone = question.form.zone
    if zone in _AS_UTC:
        return
    for member in members:
        is_time = member.measure is None and member.type == TIME
        if is_time and cubes.tells_time_of_day(member.dimension(), metrics):
            raise MetricsStoreError(
                "times of day are in UTC here, and this one has them",
                where=f"{member.name} in {zone}",
                remedy='ask with "timezone": "UTC"',
            )
