"""The answer of Explore: its total, its chart and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.app.components.answer_frame import drawn_frame, metric_units
from metrics_store.app.components.callouts import show_error, show_nothing
from metrics_store.app.components.labels import plain, words
from metrics_store.app.components.tables import show_table
from metrics_store.app.components.units import shown
from metrics_store.app.explore.chart_choice import TABLE, WORDS, Shape, draw, fitting_charts
from metrics_store.app.explore.comparison import before_column, beside, counterparts
from metrics_store.app.explore.view import ROWS
from metrics_store.app.questions.question import ask_all
from metrics_store.client import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from metrics_store.app.explore.view import View
    from metrics_store.app.questions.question import Answer, Question
    from metrics_store.client import Connection, ListedMetric

_NOW, _BEFORE, _TOTAL, _TOTAL_BEFORE = "now", "before", "total", "total before"


def show_result(
    connection: Connection, view: View, listed: Mapping[str, ListedMetric]
) -> str | None:
    """Ask the view's question and show the answer; give the chart that is chosen."""
    question = view.question()
    answers = ask_all(connection, _questions(view, question))
    now = answers[_NOW]
    if not isinstance(now, Result):
        show_error(now)
        return None
    for warning in now.warnings:
        st.caption(f":material/warning: {plain(warning)}")
    labels = {name: words(name) for name in now.columns}
    labels |= {name: listed[name].label for name in view.metrics if name in listed}
    _show_totals(view, answers, labels, metric_units(now.table))
    if not question.group_by:
        return None
    if not len(now):
        show_nothing("Nothing answers to this.", "Take a filter away, or choose other days.")
        return None
    if len(now) == ROWS:
        st.caption(f"These are the first {ROWS:,} rows: filter them, or group by less.")
    chosen = _show_chart(view, now.table, labels)
    _show_table(view, _compared(view, now.table, answers.get(_BEFORE)), labels)
    return chosen


def _questions(view: View, question: Question) -> dict[str, Question]:
    asked = {_NOW: question}
    other = view.compared_days()
    if other is not None:
        asked[_BEFORE] = question.over(other)
    if question.group_by:
        asked[_TOTAL] = question.without_group_by()
        if other is not None:
            asked[_TOTAL_BEFORE] = asked[_TOTAL].over(other)
    return asked


def _show_totals(
    view: View, answers: Mapping[str, Answer], labels: Mapping[str, str], units: Mapping[str, str]
) -> None:
    total, before = (
        answers.get(_TOTAL, answers[_NOW]),
        answers.get(_TOTAL_BEFORE, answers.get(_BEFORE) if _TOTAL not in answers else None),
    )
    if not isinstance(total, Result):
        # Some metrics answer only by time.
        st.caption(f"Without a total: {plain(total.what)}.")
        return
    values = total.rows()[0] if len(total) else {}
    earlier = before.rows()[0] if isinstance(before, Result) and len(before) else {}
    with st.container(horizontal=True):
        for name in view.metrics:
            unit = units.get(name)
            was = f"was {shown(earlier.get(name), unit)}" if earlier else None
            st.metric(
                plain(labels[name]),
                shown(values.get(name), unit),
                was,
                delta_arrow="off",
                delta_color="off",
                border=True,
                width="content",
            )
    other = view.compared_days()
    if other is not None:
        st.caption(f"Before: {other}. Totals are the metrics' own, not sums of the rows below.")


def _show_chart(view: View, table: pa.Table, labels: Mapping[str, str]) -> str:
    units = metric_units(table)
    time = view.time or next((one for one in view.group_by if _is_time(table, one)), None)
    categories = [one for one in table.column_names if one not in units and one != time]
    shape = Shape(time, categories, units, labels)
    fitting = fitting_charts(shape)
    wanted = view.chart if view.chart in fitting else fitting[0]
    chosen = (
        st.segmented_control(
            "Chart",
            fitting,
            default=wanted,
            format_func=WORDS.__getitem__,
            key="explore.chart" if len(fitting) > 1 else None,
            label_visibility="collapsed",
        )
        if len(fitting) > 1
        else wanted
    ) or wanted
    if chosen != TABLE:
        drawing = draw(chosen, drawn_frame(table), shape)
        for chart in drawing.charts:
            st.altair_chart(chart)
        if drawing.note:
            st.caption(drawing.note)
    return chosen


def _is_time(table: pa.Table, name: str) -> bool:
    return str(table.schema.field(name).type).startswith(("timestamp", "date"))


def _compared(view: View, table: pa.Table, before: Answer | None) -> pa.Table:
    days, other = view.days(), view.compared_days()
    if before is None or days is None or other is None:
        return table
    if not isinstance(before, Result):
        show_error(before)
        return table
    return beside(
        table,
        before.table,
        time=view.time,
        metrics=view.metrics,
        counterpart=counterparts(days, other),
    )


def _show_table(view: View, table: pa.Table, labels: Mapping[str, str]) -> None:
    before = {before_column(name): f"{labels[name]}, before" for name in view.metrics}
    all_labels = {**labels, **before}
    show_table(table, {name: all_labels[name] for name in table.column_names}, "explore")
