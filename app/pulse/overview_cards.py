"""The cards of the Overview: now, in the period before, and the course between."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.app.components.cards import Card, show_card
from metrics_store.app.questions.question import Question
from metrics_store.client import Result
from pulse.quarters import QUARTER, days_of_quarters, whole_quarters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from metrics_store.app.questions.question import Answer
    from metrics_store.client import ListedMetric
    from metrics_store.errors import MetricsStoreError
    from pulse.filters import Filters
    from pulse.subject import Subject

    Answers = Mapping[tuple[str, str], Answer]

# What is asked together, because it is of the same rows.
_STOCKS = ("pipeline_snapshot", "weighted_pipeline_snapshot", "open_opportunity_snapshot")
_OUTCOMES = ("win_rate", "won_revenue", "average_deal_size")
_SCORE = "pipeline_health_score"
_PARTS = ("win_rate_score", "overdue_score", "deal_size_score", "pipeline_volume_score")
_GROUPS = (_STOCKS, _OUTCOMES, (_SCORE, *_PARTS))
_CARDS = (*_STOCKS, *_OUTCOMES)
# As of the last day these are what people call the open pipeline; the parts are short of room.
_LABELS = {
    "pipeline_snapshot": "Open pipeline",
    "weighted_pipeline_snapshot": "Weighted pipeline",
    "open_opportunity_snapshot": "Open opportunities",
    "pipeline_health_score": "Health score",
    "win_rate_score": "Win rate",
    "overdue_score": "Overdue",
    "deal_size_score": "Deal size",
    "pipeline_volume_score": "Volume",
}
_COVERAGE = "pipeline_coverage"
_MONTHS, _QUARTERS = "metric_time__month", "metric_time__quarter"
_TWO_YEARS = dt.timedelta(days=731)
_NOW, _BEFORE, _COURSE = "now", "before", "course"


def card_questions(subject: Subject, filters: Filters) -> dict[str, Question]:
    """Give what the cards ask; answers have the same names."""
    days, before = filters.days, filters.days.before()
    grain = _MONTHS if days.last - days.first <= _TWO_YEARS else _QUARTERS
    found: dict[str, Question] = {}
    for group in _GROUPS:
        known = tuple(name for name in group if name in subject.metrics)
        if not known:
            continue
        # A state is that of the last day, whenever the days began.
        is_state = group is _STOCKS
        now = Question(known, where=filters.where, days=days.end if is_state else days)
        found[f"{group[0]} {_NOW}"] = now
        found[f"{group[0]} {_BEFORE}"] = now.over(before.end if is_state else before)
        found[f"{group[0]} {_COURSE}"] = Question(
            known, (grain,), filters.where, order_by=(grain,), days=days
        )
    # Quotas are of owners: what else is filtered by, they do not know.
    found[_COVERAGE] = Question(
        (_COVERAGE,),
        (QUARTER,),
        filters.where,
        order_by=(QUARTER,),
        days=days_of_quarters(subject.newest),
    )
    return found


def show_cards(subject: Subject, filters: Filters, answers: Answers) -> None:
    """Show the cards, and the health score with its parts."""
    st.caption(
        f"{filters.days}; before: {filters.days.before()}. Amounts are in the corporate currency."
    )
    cards = [_card(subject, name, answers) for name in _CARDS if name in subject.metrics]
    if _COVERAGE in subject.metrics:
        cards.append(_coverage_card(subject, answers[_COVERAGE, _COVERAGE]))
    _show_grid(cards, 4)
    if _SCORE not in subject.metrics:
        return
    st.markdown("**Health score, of 100 points, and its parts, of 25 each**")
    names = [name for name in (_SCORE, *_PARTS) if name in subject.metrics]
    _show_grid([_card(subject, name, answers) for name in names], 5)


def _show_grid(cards: list[Card], across: int) -> None:
    for first in range(0, len(cards), across):
        for column, card in zip(st.columns(across), cards[first:][:across], strict=False):
            with column:
                show_card(card)


def _card(subject: Subject, name: str, answers: Answers) -> Card:
    group = next(one for one in _GROUPS if name in one)
    now, before, course = (answers[f"{group[0]} {part}", name] for part in (_NOW, _BEFORE, _COURSE))
    metric, label = subject.metrics[name], _LABELS.get(name, "")
    if not isinstance(now, Result):
        return _without_value(metric, now, label)
    return Card(
        metric,
        _only(now, name),
        _only(before, name),
        course.table.column(name).to_pylist() if isinstance(course, Result) else (),
        label=label,
    )


def _coverage_card(subject: Subject, answer: Answer) -> Card:
    metric = subject.metrics[_COVERAGE]
    if not isinstance(answer, Result):
        return _without_value(metric, answer)
    quarters = whole_quarters(answer.table, days_of_quarters(subject.newest)).to_pylist()
    known = [row for row in quarters if row[_COVERAGE] is not None]
    if not known:
        return Card(metric, None, note="no quota ahead")
    begins = known[0][QUARTER]
    return Card(metric, known[0][_COVERAGE], note=f"quarter from {begins:%Y-%m-%d}")


def _without_value(metric: ListedMetric, error: MetricsStoreError, label: str = "") -> Card:
    """Give the card of a metric that cannot be asked with these filters; its help says why."""
    return Card(metric, None, why=error.what, label=label, note="not so filtered")


def _only(answer: Answer, name: str) -> object:
    """Give the one value of an answer without group-bys."""
    if not isinstance(answer, Result) or not len(answer):
        return None
    value: object = answer.rows()[0][name]
    return value
