"""The page Explore."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from metrics_store.app.components.callouts import errors_shown, show_nothing
from metrics_store.app.components.labels import plain
from metrics_store.app.explore.answer_view import show_result
from metrics_store.app.explore.controls import choose_view
from metrics_store.app.explore.same_question import show_same_question
from metrics_store.app.viewer import viewer_connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.client import ListedMetric


_ALL = "explore.all"


def show_explore() -> None:
    """Show the page."""
    st.title("Explore")
    with errors_shown():
        connection = viewer_connection()
        listed = connection.metrics()
        if not listed:
            show_nothing("There are no metrics here.", "Define one, and run `metrics build`.")
            return
        view = choose_view(connection, listed)
        if not view.metrics:
            _show_all(listed)
            return
        by_name = {one.name: one for one in listed}
        with st.expander("What they mean"):
            for name in view.metrics:
                st.markdown(f"**{plain(by_name[name].label)}** `{name}`")
                st.text(by_name[name].description)
        chosen = show_result(connection, view, by_name)
        view = dataclasses.replace(view, chart=chosen or "")
        st.query_params.from_dict(view.parameters())
        show_same_question(connection, view, view.question())


def _show_all(listed: Sequence[ListedMetric]) -> None:
    """Show the metrics that there are, by a word of their names or meanings."""
    show_nothing("Choose a metric.", "Or look for one by what it means:")
    wanted = st.text_input("Words", key="explore.words", placeholder="such as: average")
    found = [
        one
        for one in listed
        if not one.meta.get("building_block")
        and all(
            word in f"{one.name} {one.label} {one.description}".lower()
            for word in wanted.lower().split()
        )
    ]
    if not found:
        st.caption("No metric has all of these words.")
        return
    st.caption("Choose some by the boxes on the left.")
    st.dataframe(
        pd.DataFrame(
            {
                "Metric": [one.label for one in found],
                "What it means": [one.description for one in found],
                "Unit": [one.unit or "" for one in found],
                "Name": [one.name for one in found],
            }
        ),
        hide_index=True,
        key=_ALL,
        alt="All metrics",
        on_select=partial(_take, [one.name for one in found]),
        selection_mode="multi-row",
    )


def _take(names: Sequence[str]) -> None:
    """Choose the metrics whose rows are selected."""
    rows = st.session_state[_ALL].selection.rows
    st.session_state["explore.metrics"] = [names[row] for row in rows]
