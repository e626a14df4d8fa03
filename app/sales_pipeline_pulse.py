"""Sales Pipeline Pulse: the pipeline today, its forecast and its history.

Every number is a metric, asked of the store; nothing is worked out here.
"""

import streamlit as st

from metrics_store.app.components.callouts import errors_shown
from metrics_store.app.viewer import viewer_connection
from pulse.filters import choose_filters
from pulse.forecast import show_forecast
from pulse.history import show_history
from pulse.overview import show_overview
from pulse.subject import read_subject

_TABS = {"Overview": show_overview, "Forecast": show_forecast, "History": show_history}

st.title("Sales Pipeline Pulse")
with errors_shown():
    subject = read_subject(viewer_connection())
    filters = choose_filters(subject)
    linked = st.query_params.get("tab", "")
    tabs = st.tabs(
        list(_TABS),
        default=linked if linked in _TABS else None,
        key="pulse.tab",
        on_change="rerun",
    )
    for name, tab in zip(_TABS, tabs, strict=True):
        # What is not looked at is not asked for.
        if tab.open:
            st.query_params.from_dict({**filters.parameters(), "tab": name})
            with tab, errors_shown():
                _TABS[name](subject, filters)
