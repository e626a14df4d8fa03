"""The tab Forecast: what is due, what was and is foreseen, quotas, and what is likely to close."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import altair as alt
import pyarrow.compute as pc
import streamlit as st

from metrics_store.app.components.answer_frame import drawn_frame
from metrics_store.app.components.callouts import show_error, show_nothing
from metrics_store.app.components.cards import Card, show_card
from metrics_store.app.components.charts import Measured, Named, bars, interval, lines, named
from metrics_store.app.components.tables import show_table
from metrics_store.app.questions.date_ranges import DateRange, last_months
from metrics_store.app.questions.question import Question, ask_all
from metrics_store.client import Result
from pulse.opportunities import likely_opportunities
from pulse.quarters import QUARTER, days_of_quarters, whole_quarters

if TYPE_CHECKING:
    from pulse.filters import Filters
    from pulse.subject import Subject

_MONTH = "metric_time__month"
_WEIGHTED, _LIKELY, _STAGE_RATE = "weighted_pipeline", "likely_to_close", "stage_win_rate"
_STAGE, _STAGE_ORDER, _TEAM = "stage_entry__stage_name", "stage__stage_order", "owner__team"
_OPEN_STAGE = "stage__stage_category = 'open'"
_LINES = ("forecast_combined", "forecast_actual")
_BAND = ("forecast_lower_95", "forecast_upper_95")
_QUOTA = ("quota", "won_revenue", "open_pipeline", "quota_attainment", "pipeline_coverage")
_REVENUE = "Won revenue"
_MONTHS_BACK = 18
_LIKELY_ROWS = 50


def show_forecast(subject: Subject, filters: Filters) -> None:
    """Show the tab."""
    newest = subject.newest
    ahead = DateRange(newest.replace(day=1), dt.date(newest.year + 3, 12, 31))
    known = DateRange(last_months(newest, _MONTHS_BACK).first, ahead.last)
    answers = ask_all(
        subject.connection,
        {
            "due": Question(
                (_WEIGHTED, "open_pipeline"), (_MONTH,), filters.where, (_MONTH,), days=ahead
            ),
            "overdue": Question(("overdue_pipeline", _LIKELY), where=filters.where),
            "forecast": Question((*_LINES, *_BAND), (_MONTH,), order_by=(_MONTH,), days=known),
            "stages": Question(
                (_STAGE_RATE,),
                (_STAGE, _STAGE_ORDER),
                (
                    *filters.of("industry", "account_type", "team", "owner", "crm", "active"),
                    _OPEN_STAGE,
                ),
                (_STAGE_ORDER, _STAGE),
                days=filters.days,
            ),
            "quota": Question(
                _QUOTA,
                (QUARTER, _TEAM),
                filters.of("team", "owner"),
                (QUARTER, _TEAM),
                days=days_of_quarters(newest),
            ),
            "likely": likely_opportunities(filters, _LIKELY_ROWS),
        },
    )
    for show, name in (
        (_show_due, "due"),
        (_show_overdue, "overdue"),
        (_show_likely, "likely"),
        (_show_course, "forecast"),
        (_show_stages, "stages"),
        (_show_quota, "quota"),
    ):
        answer = answers[name]
        if isinstance(answer, Result):
            show(subject, filters, answer)
        else:
            show_error(answer)


def _show_due(subject: Subject, filters: Filters, answer: Result) -> None:
    del filters
    st.subheader("Weighted pipeline by close month")
    frame = drawn_frame(answer.table)
    frame = frame[frame["open_pipeline"] > 0]
    if frame.empty:
        show_nothing("Nothing is due from this month on.", "Take a filter of the sidebar away.")
        return
    value = Measured(_WEIGHTED, subject.label(_WEIGHTED), subject.unit(_WEIGHTED))
    months = frame.assign(month=frame[_MONTH].dt.strftime("%Y-%m"))
    st.altair_chart(bars(months, Named("month", "Close month"), value, list(months["month"])))


def _show_overdue(subject: Subject, filters: Filters, answer: Result) -> None:
    del filters
    row = answer.rows()[0] if len(answer) else {}
    for column, name in zip(st.columns(2), ("overdue_pipeline", _LIKELY), strict=True):
        if name in subject.metrics:
            with column:
                show_card(Card(subject.metrics[name], row.get(name)))


def _show_likely(subject: Subject, filters: Filters, answer: Result) -> None:
    del filters
    st.subheader("Likely to close")
    table = answer.table.filter(pc.greater(answer.table.column(_LIKELY), 0))
    if not table.num_rows:
        show_nothing("Nothing is likely to close soon.", "Take a filter of the sidebar away.")
        return
    if table.num_rows == _LIKELY_ROWS:
        st.caption(f"The largest {_LIKELY_ROWS}.")
    labels = {
        "opportunity__opportunity_name": "Opportunity",
        _LIKELY: subject.label(_LIKELY),
        "account__account_name": "Account",
        "stage__stage_name": "Stage",
        "opportunity__close_date__day": "Close date",
        "owner__owner_label": "Owner",
    }
    show_table(table, labels, _LIKELY)


def _show_course(subject: Subject, filters: Filters, answer: Result) -> None:
    st.subheader("Forecast and actual won revenue")
    if filters.where:
        st.caption("Of the whole organization: forecasts are not made for parts of it.")
    frame = drawn_frame(answer.table)
    if frame.empty:
        show_nothing("There is no forecast yet.", "It needs some months of won revenue.")
        return
    low, high = (Measured(name, _REVENUE, subject.unit(name)) for name in _BAND)
    labels = {name: subject.label(name) for name in _LINES}
    long = frame[[_MONTH, *_LINES]].rename(columns=labels)
    melted = long.melt(_MONTH, var_name="line", value_name="value").dropna(subset=["value"])
    value = Measured("value", _REVENUE, subject.unit("won_revenue"))
    band = frame.dropna(subset=list(_BAND))
    st.altair_chart(
        alt.layer(
            interval(band, _MONTH, low, high),
            lines(melted, _MONTH, value, Named("line", "", across=1)),
        )
    )
    st.caption("The band holds 95 of 100 months.")


def _show_stages(subject: Subject, filters: Filters, answer: Result) -> None:
    st.subheader("Win rate by stage entered")
    st.caption(f"Of what closed {filters.days}, and ever was in the stage.")
    if not len(answer):
        show_nothing("Nothing closed in these days.", "Choose more days in the sidebar.")
        return
    frame = named(drawn_frame(answer.table), [_STAGE])
    value = Measured(_STAGE_RATE, subject.label(_STAGE_RATE), subject.unit(_STAGE_RATE))
    st.altair_chart(bars(frame, Named(_STAGE, "Stage"), value, list(frame[_STAGE])))


def _show_quota(subject: Subject, filters: Filters, answer: Result) -> None:
    st.subheader("Quota and coverage by team")
    ignored = filters.beyond("team", "owner")
    if ignored:
        st.caption(f"Quotas are of owners; not filtered by: {', '.join(ignored)}.")
    quarters = whole_quarters(answer.table, days_of_quarters(subject.newest))
    known = quarters.filter(pc.is_valid(quarters.column("quota")))
    if not known.num_rows:
        show_nothing("No quota is known for this quarter or later.", "Add it to the seed `quotas`.")
        return
    labels = {name: subject.label(name) for name in _QUOTA}
    show_table(known, {QUARTER: "Fiscal quarter from", _TEAM: "Team", **labels}, "quota_by_team")
