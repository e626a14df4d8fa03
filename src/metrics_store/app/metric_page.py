"""The page of one metric: what it means, who answers for it, and its newest values."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from metrics_store.app.components.answer_frame import drawn_frame
from metrics_store.app.components.callouts import errors_shown, show_nothing
from metrics_store.app.components.charts import Measured, lines
from metrics_store.app.components.labels import label_of, plain, words
from metrics_store.app.metric_origin import metric_origin
from metrics_store.app.metric_versions import metric_versions
from metrics_store.app.questions.question import Question
from metrics_store.app.viewer import TARGET, server_address, viewer_connection
from metrics_store.project.location import find_project_directory

if TYPE_CHECKING:
    from metrics_store.client import Connection, DescribedMetric, ListedMetric

# The first of these that a metric has shows its course best.
_GRAINS = ("month", "quarter", "week", "day", "fiscal_quarter", "year", "fiscal_year")
_PERIODS = 24
_FACTS = ("owner", "tier", "version", "direction", "source")


def show_metric() -> None:
    """Show the page."""
    st.title("Metric")
    with errors_shown():
        connection = viewer_connection()
        listed = {one.name: one for one in connection.metrics()}
        if not listed:
            show_nothing("There are no metrics here.", "Define one, and run `metrics build`.")
            return
        name = _choose(listed)
        if name is None:
            show_nothing("Choose a metric.", "Type a word of its name above.")
            return
        st.query_params["name"] = name
        metric = connection.metric(name)
        _describe(metric)
        with errors_shown():
            _draw(connection, metric)
        with errors_shown():
            _show_origin(metric)
        _list_group_bys(metric)


def _choose(listed: dict[str, ListedMetric]) -> str | None:
    linked = st.query_params.get("name")
    if linked and linked not in listed:
        st.warning(
            "The link names a metric that is not there, or not for you. It may have been removed "
            "or renamed; choose another."
        )
    names = list(listed)
    return st.selectbox(
        "Metric",
        names,
        index=names.index(linked) if linked in listed else None,
        format_func=lambda name: f"{listed[name].label} · {name}" if name in listed else name,
        key="metric.name",
        placeholder="Type a word of its name",
        label_visibility="collapsed",
    )


def _describe(metric: DescribedMetric) -> None:
    st.header(plain(metric.label))
    st.code(metric.name, language=None)
    if metric.deprecated is not None:
        st.warning("This metric is deprecated: see what to ask in its place below.")
        st.json(metric.deprecated.model_dump(exclude_none=True))
    st.text(metric.description)
    facts = {"type": metric.type, "unit": metric.unit or "", **_known(metric)}
    with st.container(horizontal=True):
        for name, fact in facts.items():
            with st.container(width="content"):
                st.caption(words(name))
                st.text(fact or "\u2013")
    if metric.measures:
        st.subheader("Summed up from")
        made = [
            f"{one.agg.replace('_', ' ')} of {words(one.name).lower()}"
            + (f", by {one.agg_time_dimension}" if one.agg_time_dimension else "")
            for one in metric.measures
        ]
        st.text("\n".join(made))


def _known(metric: DescribedMetric) -> dict[str, str]:
    return {name: str(metric.meta[name]) for name in _FACTS if metric.meta.get(name)}


def _show_origin(metric: DescribedMetric) -> None:
    server = server_address()
    if server is not None:
        st.caption(
            f"Its formula and lineage are in the catalogue: {server}/catalogue/metrics/"
            f"{metric.name}.html"
        )
        return
    origin = metric_origin(metric.name)
    if origin is None:
        return
    st.subheader("Formula and lineage")
    st.code(origin.formula, language=None, wrap_lines=True)
    st.graphviz_chart(origin.graph)
    st.caption(plain(f"Read from: {', '.join(origin.sources)}."))
    _show_history(metric)


def _show_history(metric: DescribedMetric) -> None:
    st.subheader("History")
    if st.button("Show its versions", key="metric.history", icon=":material/history:"):
        project = find_project_directory()
        with errors_shown():
            st.markdown(metric_versions(metric.name, project, os.environ.get(TARGET) or None))
    else:
        st.caption("What changed, when, and what it meant until then; read from git.")


def _draw(connection: Connection, metric: DescribedMetric) -> None:
    grain = next((one for one in _GRAINS if one in metric.grains), None)
    if grain is None:
        return
    time = f"metric_time__{grain}"
    question = Question((metric.name,), (time,), order_by=(f"-{time}",), limit=_PERIODS)
    frame = drawn_frame(question.ask(connection).table).dropna(subset=[metric.name])
    if frame.empty:
        show_nothing("It has no value yet.", "It has one once there are rows that it counts.")
        return
    st.subheader(f"The newest {words(grain).lower()}s")
    st.altair_chart(lines(frame, time, Measured(metric.name, metric.label, metric.unit)))


def _list_group_bys(metric: DescribedMetric) -> None:
    st.subheader("Can be grouped by")
    names = [(one.qualified_name, label_of(one), one.description) for one in metric.dimensions]
    names += [(one.name, words(one.name), one.description) for one in metric.entities]
    st.dataframe(
        pd.DataFrame(names, columns=["Name", "Label", "What it means"]),
        hide_index=True,
        key="metric.group_bys",
        alt="What it can be grouped by",
    )
    for name, why in metric.not_by.items():
        st.caption(plain(f"Not by {words(name).lower()}: {why}"))
