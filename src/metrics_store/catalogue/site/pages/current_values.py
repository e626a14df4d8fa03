"""The value of a metric that stands for it in lists: that of the last period that is over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.catalogue.site.charts.bar_chart import as_number
from metrics_store.catalogue.site.content.site_client import request_answer
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from metrics_store.catalogue.site.charts.readable_answer import ReadableAnswer
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.catalogue.site.pages.chart_answers import ChartAnswer
    from metrics_store.query.definitions.definition_entries import MetricDefinition

_IN_ALL = "in all"
_SAME = "unchanged"
# What has grown so many times is no percentage that anybody reads.
_FOLD = 10


@dataclass(frozen=True)
class Change:
    """How a value differs from the one of the period before.

    Attributes:
        text: By how much, such as `+5.3 %`, or in points for shares.
        since: The period before.
        rises: Whether it is greater; none where it is the same.
        is_better: Whether that is good; none where nothing says so, or few rows say too little.
    """

    text: str
    since: str
    rises: bool | None
    is_better: bool | None


@dataclass(frozen=True)
class CurrentValue:
    """The value that stands for a metric.

    Attributes:
        text: The value as people read it.
        unit: What it is measured in; empty for shares and plain numbers.
        period: When it is of, such as `2024-12`, or `in all`.
        change: How it differs from the period before; none where that is not known.
        remark: What else is to be known of it, such as that it is made of few rows.
    """

    text: str
    unit: str
    period: str
    change: Change | None = None
    remark: str = ""


def current_value(
    subject: Subject, metric: MetricDefinition, shown: ChartAnswer
) -> CurrentValue | None:
    """Give the value that stands for a metric; none where there is none.

    Of a metric by time it is that of the last period that is over by the reference date, of a
    forecast that of the first one that is not, and of another metric all of it. It is what the
    store answers; only the difference of two such values is worked out here.

    Args:
        subject: What the site is about.
        metric: The metric.
        shown: What its chart shows.
    """
    answer = shown.answer.readable
    if answer is None or not answer.is_number(metric.name):
        return None
    if answer.group_bys == [answer.time]:
        return _of_time(answer, metric, shown)
    if answer.group_bys:
        if metric.requires_metric_time:
            return None
        answer = request_answer(subject.client, MetricRequest([metric.name])).readable
    if answer is None or as_number(answer.values(metric.name)[0]) is None:
        return None
    return CurrentValue(answer.texts(metric.name)[0], answer.unit(metric.name), _IN_ALL)


def _of_time(
    answer: ReadableAnswer, metric: MetricDefinition, shown: ChartAnswer
) -> CurrentValue | None:
    assert answer.time is not None  # noqa: S101 - for the type checker
    times: list[Any] = answer.values(answer.time)
    numbers = [as_number(one) for one in answer.values(metric.name)]
    known = sorted(
        (row for row, one in enumerate(times) if one is not None and numbers[row] is not None),
        key=lambda row: times[row],
    )
    parts = shown.parts
    if parts.last_period is not None:
        over = [row for row in known if _day(times[row]) <= parts.last_period]
        ahead = [row for row in known if row not in over]
        known = ahead[:1] if parts.forecast_of and ahead else over
    if not known:
        return None
    pair = known[-1:] if parts.forecast_of else known[-2:]
    texts = answer.texts(metric.name, [answer.values(metric.name)[row] for row in pair])
    periods = answer.texts(answer.time, [times[row] for row in pair])
    remarks = [parts.counts.few((times[row],)) for row in pair]
    change = None
    if len(pair) > 1:
        before, now = (numbers[row] or 0.0 for row in pair)
        change = _change(answer, metric, before, now, periods[0], says_little=any(remarks))
    return CurrentValue(texts[-1], answer.unit(metric.name), periods[-1], change, remarks[-1])


def _change(  # noqa: PLR0913 - an argument a part of the change
    answer: ReadableAnswer,
    metric: MetricDefinition,
    before: float,
    now: float,
    since: str,
    *,
    says_little: bool,
) -> Change:
    text = _difference(answer, metric.name, before, now)
    if not text.strip("+-0., %points"):
        # As far as one can read it.
        return Change(_SAME, since, None, None)
    rises = now > before
    better = {"higher": rises, "lower": not rises}.get(str(metric.meta.get("direction")))
    return Change(text, since, rises, None if says_little else better)


def _difference(answer: ReadableAnswer, metric: str, before: float, now: float) -> str:
    if answer.is_ratio(metric):
        return f"{(now - before) * 100:+,.1f} points"
    if before <= 0:
        # Of nothing, or of less, there is no percentage.
        [text] = answer.texts(metric, [abs(now - before)])
        return f"{'+' if now > before else '-'}{text}"
    if now / before >= _FOLD:
        return f"{now / before:,.0f}-fold"
    return f"{(now / before - 1) * 100:+,.1f} %"


def _day(moment: Any) -> Any:  # noqa: ANN401 - a day or a time
    return moment.date() if hasattr(moment, "date") else moment
