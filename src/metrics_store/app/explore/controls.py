"""The controls of Explore: from what the link says and what is clicked to a view."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.app.components.callouts import errors_shown
from metrics_store.app.components.labels import plain, words
from metrics_store.app.components.units import shown
from metrics_store.app.explore.choices import VALUES, read_choices
from metrics_store.app.explore.view import BEFORE, NOTHING, YEAR_BEFORE, View, read_view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.app.explore.choices import Choices
    from metrics_store.client import Connection, ListedMetric

_COMPARISONS = {
    NOTHING: "Nothing",
    BEFORE: "The period before",
    YEAR_BEFORE: "The year before",
}
_GRAIN_WORDS = {"": "The whole range"}


def choose_view(connection: Connection, listed: Sequence[ListedMetric]) -> View:
    """Show the controls and give what is chosen; what the link names in vain is told.

    Raises:
        MetricsStoreError: What there is to choose cannot be read.
    """
    linked = _linked_view()
    metrics = _choose_metrics(listed, linked)
    if not metrics:
        return View()
    choices = read_choices(connection, metrics)
    names = tuple(one.name for one in metrics)
    by, when = st.columns([3, 2])
    with by:
        st.session_state["explore.offered"] = list(choices.group_bys)
        _tell_why_not(connection, names, choices, linked)
        group_by = _choose_several("Grouped by", choices.group_bys, linked.group_by, "group_by")
        filters = _choose_filters(connection, names, choices, linked.filters)
    with when:
        grain = _choose_grain(choices, linked.grain)
        first_column, last_column = st.columns(2)
        first = first_column.date_input("From", linked.first, key="explore.from")
        last = last_column.date_input("To", linked.last, key="explore.to")
        if first and last and first > last:
            st.warning("The range ends before it begins: nothing lies in it.")
        compared = st.selectbox(
            "Compared with",
            list(_COMPARISONS),
            index=list(_COMPARISONS).index(
                linked.compared if linked.compared in _COMPARISONS else NOTHING
            ),
            format_func=_COMPARISONS.__getitem__,
            key="explore.compare",
            help="Of a range with both its days; of whole months it is whole months too.",
        )
        if compared and not (first and last):
            st.caption("Choose the first and the last day to compare the range with another.")
    return View(
        metrics=names,
        group_by=tuple(group_by),
        grain=grain,
        first=first,
        last=last,
        filters=filters,
        compared=compared,
        chart=st.session_state.get("explore.chart") or linked.chart,
    )


def _linked_view() -> View:
    """Give the view that the address named when the page was opened."""
    if "explore.link" not in st.session_state:
        given = {name: st.query_params.get_all(name) for name in st.query_params}
        st.session_state["explore.link"] = read_view(given)
    view: View = st.session_state["explore.link"]
    return view


def _choose_metrics(listed: Sequence[ListedMetric], linked: View) -> list[ListedMetric]:
    by_name = {one.name: one for one in listed}
    kept = st.session_state.get("explore.metrics", linked.metrics)
    offered = [one.name for one in listed if not one.meta.get("building_block") or one.name in kept]
    missing = dict.fromkeys(name for name in (*linked.metrics, *kept) if name not in by_name)
    if missing:
        st.warning(
            "What is asked for is not there, or not for you: "
            + ", ".join(plain(name) for name in missing)
            + ". It may have been removed or renamed; choose another metric below."
        )
    chosen = st.multiselect(
        "Metrics",
        offered,
        default=[name for name in linked.metrics if name in by_name],
        format_func=lambda name: _metric_words(by_name, name),
        key="explore.metrics",
        placeholder="Type a word of its name",
    )
    return [by_name[name] for name in chosen if name in by_name]


def _metric_words(by_name: Mapping[str, ListedMetric], name: str) -> str:
    return f"{by_name[name].label} · {name}" if name in by_name else name


def _tell_why_not(
    connection: Connection, metrics: Sequence[str], choices: Choices, linked: View
) -> None:
    """Say of what the link groups by in vain why that has no answer, and what has one."""
    if tuple(metrics) != linked.metrics:
        # Whoever chooses other metrics knows that they have other group-bys.
        return
    for name in linked.group_by:
        if name not in choices.group_bys:
            with errors_shown():
                connection.compile(list(metrics), group_by=name)


def _choose_several(
    label: str,
    offered: Mapping[str, str],
    linked: Sequence[str],
    key: str,
    placeholder: str = "Everything at once",
) -> list[str]:
    missing = [name for name in linked if name not in offered]
    if missing:
        st.caption("Not for these metrics: " + ", ".join(plain(name) for name in missing))
    return st.multiselect(
        label,
        list(offered),
        default=[name for name in linked if name in offered],
        format_func=lambda name: offered.get(name, name),
        key=f"explore.{key}",
        placeholder=placeholder,
    )


def _choose_grain(choices: Choices, linked: str) -> str:
    offered = [*([] if choices.requires_time else [""]), *choices.grains]
    if not offered:
        st.caption("These metrics have no grain of time in common: choose fewer.")
        return ""
    return st.selectbox(
        "Time by",
        offered,
        index=offered.index(linked) if linked in offered else 0,
        format_func=lambda grain: _GRAIN_WORDS.get(grain, words(grain)),
        key="explore.grain",
        help=(
            f"{', '.join(choices.requires_time)} answers only by time."
            if choices.requires_time
            else None
        ),
    )


def _choose_filters(
    connection: Connection,
    metrics: Sequence[str],
    choices: Choices,
    linked: Mapping[str, tuple[object, ...]],
) -> dict[str, tuple[object, ...]]:
    names = _choose_several(
        "Filtered by", choices.dimensions, list(linked), "filtered", "Nothing left out"
    )
    filters = {}
    for name in names:
        found = connection.dimension_values(name, list(metrics), limit=VALUES)
        values = found.table.column(name).to_pylist()
        texts = {json.dumps(one, default=str): one for one in values}
        asked = [json.dumps(one) for one in linked.get(name, ())]
        wanted = [text for text in asked if text in texts]
        if len(wanted) < len(asked):
            st.caption(plain(f"{choices.dimensions[name]} has not all of the link's values here."))
        chosen = st.multiselect(
            plain(choices.dimensions[name]),
            list(texts),
            default=wanted,
            format_func=lambda text, texts=texts: _value_words(texts.get(text)),
            key=f"explore.value.{name}",
            placeholder="Any value",
            help=f"The first {VALUES:,} values." if len(values) == VALUES else None,
        )
        filters[name] = tuple(texts[text] for text in chosen)
    return filters


def _value_words(value: object) -> str:
    match value:
        case None:
            return "(none)"
        case bool():
            return "yes" if value else "no"
        case _:
            return shown(value, None)
