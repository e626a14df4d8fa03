"""The script that Streamlit runs for each viewer, at each of their clicks."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from metrics_store.app.explore.page import show_explore
from metrics_store.app.metric_page import show_metric
from metrics_store.app.project_pages import project_pages

ICON = Path(__file__).with_name("icon.svg")


def main() -> None:
    """Show the page that is looked at: first the project's own, then those for any project."""
    st.set_page_config(page_title="Metrics", page_icon=ICON, layout="wide")
    own = [st.Page(path, title=title) for path, title in project_pages()]
    pages = [
        *own,
        st.Page(show_metric, title="Metrics", icon=":material/menu_book:", url_path="metrics"),
        st.Page(
            show_explore, title="Explore", icon=":material/search_insights:", url_path="explore"
        ),
    ]
    st.navigation(pages, position="top").run()


main()
