"""The tab Overview: the cards, what is open now, and by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.app.components.answer_frame import drawn_frame
from metrics_store.app.components.callouts import show_error, show_nothing
from metrics_store.app.components.charts import Measured, Named, bars, named
from metrics_store.app.questions.conditions import is_known
from metrics_store.app.questions.question import Question, ask_metrics
from metrics_store.client import Result
from pulse.opportunities import open_opportunities, show_opportunities
from pulse.overview_cards import card_questions, show_cards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.app.questions.question import Answer
    from pulse.filters import Filters
    from pulse.subject import Subject

_PIPELINE, _COUNT = "open_pipeline", "open_opportunity_count"
_OPEN = (_PIPELINE, "weighted_pipeline", _COUNT)
_STAGE, _STAGE_ORDER = "stage__stage_name", "stage__stage_order"
_BUCKET = "opportunity__close_date_bucket"
_BUCKETS = ["Overdue", "0-30", "31-60", "61-90", "91+", "(none)"]
_ACCOUNT = "account__account_name"
_BY = {
    _STAGE: "Stage",
    _BUCKET: "Days to the close date",
    "account__industry": "Industry",
    _ACCOUNT: "Largest accounts",
    "account__billing_country": "Country",
    "account__account_type": "Account type",
}
# Those with the most bars; so both columns are about as high.
_LEFT = (_STAGE, "account__industry")
_ACCOUNTS = 10


def show_overview(subject: Subject, filters: Filters) -> None:
    """Show the tab."""
    questions = {
        **card_questions(subject, filters),
        **{name: _open_by(name, filters) for name in _BY},
        "open": Question(_OPEN, where=filters.where),
    }
    answers = ask_metrics(subject.connection, questions)
    show_cards(subject, filters, answers)
    st.subheader(f"Open on {subject.newest:%Y-%m-%d}")
    now = answers["open", _COUNT]
    if not isinstance(now, Result):
        show_error(now)
        return
    row = now.rows()[0] if len(now) else {}
    if not row.get(_COUNT):
        show_nothing("Nothing is open.", "Take a filter of the sidebar away.")
        return
    st.caption("Whatever its close date; the days of the sidebar are those of the cards above.")
    _show_charts(subject, answers)
    st.subheader("Open opportunities")
    count = int(row[_COUNT])
    show_opportunities(open_opportunities(filters, count), subject)


def _open_by(name: str, filters: Filters) -> Question:
    if name == _STAGE:
        return Question(
            _OPEN, (_STAGE, _STAGE_ORDER), filters.where, order_by=(_STAGE_ORDER, _STAGE)
        )
    order = ("-open_pipeline", name)
    if name == _ACCOUNT:
        # What has no account is none of the largest.
        where = (*filters.where, is_known(_ACCOUNT))
        return Question(_OPEN, (name,), where, order_by=order, limit=_ACCOUNTS)
    return Question(_OPEN, (name,), filters.where, order_by=order)


def _show_charts(subject: Subject, answers: Mapping[tuple[str, str], Answer]) -> None:
    left, right = st.columns(2)
    for name, label in _BY.items():
        with left if name in _LEFT else right:
            st.markdown(f"**{label}**")
            answer = answers[name, _PIPELINE]
            if isinstance(answer, Result):
                _show_bars(subject, answer, Named(name, label))
            else:
                show_error(answer)


def _show_bars(subject: Subject, answer: Result, category: Named) -> None:
    frame = named(drawn_frame(answer.table), [category.column])
    frame = frame[frame[_COUNT] > 0]
    order: Sequence[str] | None = None
    if category.column == _BUCKET:
        order = _BUCKETS
    elif category.column == _STAGE:
        order = list(dict.fromkeys(frame[_STAGE]))
    value, *also = (Measured(name, subject.label(name), subject.unit(name)) for name in _OPEN)
    st.altair_chart(bars(frame, category, value, order, also))
