"""Tables of opportunities, one a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.app.components.tables import show_table
from metrics_store.app.questions.question import Question

if TYPE_CHECKING:
    from pulse.filters import Filters
    from pulse.subject import Subject

_ROWS = 5000
_NAME = "opportunity__opportunity_name"
_ATTRIBUTES = {
    _NAME: "Opportunity",
    "account__account_name": "Account",
    "stage__stage_name": "Stage",
    "opportunity__close_date__day": "Close date",
    "opportunity__close_date_bucket": "Days to it",
    "owner__owner_label": "Owner",
    "account__industry": "Industry",
    "opportunity__crm_source": "CRM",
}
_AMOUNTS = ("open_pipeline", "weighted_pipeline", "average_deal_age_days")
_COUNT = "open_opportunity_count"
_LIKELY = "likely_to_close"


def open_opportunities(filters: Filters, count: int) -> Question:
    """Give the question for the open opportunities, of which there are so many."""
    return Question(
        (*_AMOUNTS, _COUNT),
        ("opportunity", *_ATTRIBUTES),
        filters.where,
        # Closed ones count 0, and so come after all that are open.
        order_by=(f"-{_COUNT}", "-open_pipeline", "opportunity"),
        limit=min(count, _ROWS),
    )


def likely_opportunities(filters: Filters, rows: int) -> Question:
    """Give the question for the opportunities with the largest amounts that are likely to close."""
    return Question(
        (_LIKELY, "weighted_pipeline"),
        ("opportunity", *_ATTRIBUTES),
        filters.where,
        order_by=(f"-{_LIKELY}", "opportunity"),
        limit=rows,
    )


def show_opportunities(question: Question, subject: Subject) -> None:
    """Ask for opportunities and show them as a table."""
    answer = question.ask(subject.connection)
    if len(answer) == _ROWS:
        st.caption(f"These are the largest {_ROWS:,}: filter them to see others.")
    names = {name: subject.label(name) for name in _AMOUNTS}
    labels = {_NAME: _ATTRIBUTES[_NAME], **names, **_ATTRIBUTES}
    show_table(answer.table, labels, "open_opportunities")
