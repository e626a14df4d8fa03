"""The tab History: the pipeline day by day, its stages, the walk and the biggest movers."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from metrics_store.app.components.answer_frame import drawn_frame
from metrics_store.app.components.callouts import show_error, show_nothing
from metrics_store.app.components.charts import Measured, Named, areas, lines, named
from metrics_store.app.components.tables import show_table
from metrics_store.app.components.waterfall import DOWN, LEVEL, UP, waterfall
from metrics_store.app.questions.date_ranges import DateRange
from metrics_store.app.questions.question import Question, ask_all
from metrics_store.client import Result

if TYPE_CHECKING:
    from pulse.filters import Filters
    from pulse.subject import Subject

_DAY, _WEEK = "metric_time__day", "metric_time__week"
_COURSE = ("pipeline_snapshot", "weighted_pipeline_snapshot")
_STAGE = "stage__stage_name"
_WALK = {
    "start": LEVEL,
    "created": UP,
    "reopened": UP,
    "increased": UP,
    "decreased": DOWN,
    "won": DOWN,
    "lost": DOWN,
    "moved": UP,
    "end": LEVEL,
}
_MOVED = "pipeline_day_over_day"
_MOVERS = {
    "opportunity__opportunity_name": "Opportunity",
    "opportunity__stage_name": "Stage today",
}
_ROWS = 10
_ONE_DAY, _ONE_WEEK = dt.timedelta(days=1), dt.timedelta(days=7)


def show_history(subject: Subject, filters: Filters) -> None:
    """Show the tab."""
    days, where = filters.days, filters.where
    walk = tuple(f"pipeline_walk_{name}" for name in _WALK)
    answers = ask_all(
        subject.connection,
        {
            "course": Question(_COURSE, (_DAY,), where, (_DAY,), days=days),
            "stages": Question(_COURSE[:1], (_WEEK, _STAGE), where, (_WEEK,), days=days),
            "walk": Question(walk, where=where, days=days),
        },
    )
    for show, name in ((_show_course, "course"), (_show_stages, "stages"), (_show_walk, "walk")):
        answer = answers[name]
        if isinstance(answer, Result):
            show(subject, filters, answer)
        else:
            show_error(answer)
    _show_movers(subject, filters)


def _show_course(subject: Subject, filters: Filters, answer: Result) -> None:
    st.subheader("Pipeline by day")
    if not len(answer):
        show_nothing(f"Nothing is known of {filters.days}.", "Choose other days in the sidebar.")
        return
    labels = {name: subject.label(name) for name in _COURSE}
    long = drawn_frame(answer.table).rename(columns=labels)
    melted = long.melt(_DAY, var_name="line", value_name="value")
    value = Measured("value", "At the end of the day", subject.unit(_COURSE[0]))
    st.altair_chart(lines(melted, _DAY, value, Named("line", "", across=1), points=False))


def _show_stages(subject: Subject, filters: Filters, answer: Result) -> None:
    del filters
    st.subheader("Stages over time")
    frame = named(drawn_frame(answer.table), [_STAGE])
    frame = frame[frame[_COURSE[0]] > 0]
    if frame.empty:
        show_nothing("Nothing was open.", "Take a filter of the sidebar away.")
        return
    value = Measured(_COURSE[0], subject.label(_COURSE[0]), subject.unit(_COURSE[0]))
    st.altair_chart(areas(frame, _WEEK, value, Named(_STAGE, "Stage")))


def _show_walk(subject: Subject, filters: Filters, answer: Result) -> None:
    st.subheader("What brought the pipeline from start to end")
    st.caption(f"{filters.days}; won and lost by the time it happened.")
    row = answer.rows()[0] if len(answer) else {}
    steps = [
        (name.capitalize(), row.get(f"pipeline_walk_{name}"), kind) for name, kind in _WALK.items()
    ]
    known = [(name, float(value), kind) for name, value, kind in steps if value is not None]
    if not known:
        show_nothing("Nothing was open.", "Take a filter of the sidebar away.")
        return
    frame = pd.DataFrame(known, columns=["step", "value", "kind"])
    value = Measured("value", "Open pipeline", subject.unit("pipeline_walk_end"))
    st.altair_chart(waterfall(frame, Named("step", "Step"), value, "kind"))
    labels = {f"pipeline_walk_{name}": name.capitalize() for name in _WALK}
    show_table(answer.table, labels, "pipeline_walk")


def _show_movers(subject: Subject, filters: Filters) -> None:
    st.subheader("Biggest movers between two days")
    last = filters.days.last
    first_column, last_column = st.columns(2)
    first = first_column.date_input("End of day", last - _ONE_WEEK, key="pulse.movers.from")
    last = last_column.date_input("to end of day", last, key="pulse.movers.to")
    if first is None or last is None or first >= last:
        show_nothing("These are no two days.", "Let the second come after the first.")
        return
    days = DateRange(first + _ONE_DAY, last)
    group_by = ("opportunity", *_MOVERS)
    asked = {
        sign: Question(
            (_MOVED,), group_by, filters.where, (f"{sign}{_MOVED}", "opportunity"), _ROWS, days
        )
        for sign in ("-", "")
    }
    answers = ask_all(subject.connection, asked)
    name, stage = _MOVERS
    labels = {name: _MOVERS[name], _MOVED: "Change", stage: _MOVERS[stage]}
    for column, sign, title in zip(st.columns(2), asked, ("Up", "Down"), strict=True):
        with column:
            st.markdown(f"**{title}**")
            answer = answers[sign]
            if not isinstance(answer, Result):
                show_error(answer)
                continue
            compare = pc.greater if sign else pc.less
            moved: pa.Table = answer.table.filter(compare(answer.table.column(_MOVED), 0))
            if moved.num_rows:
                show_table(moved, labels, f"movers_{title.lower()}")
            else:
                st.caption("None.")
