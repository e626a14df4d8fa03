"""Tables of answers: sortable and searchable, with their downloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.app.components.answer_frame import drawn_frame, metric_units
from metrics_store.app.components.downloads import show_downloads
from metrics_store.app.components.units import column_formats

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa


def show_table(table: pa.Table, labels: Mapping[str, str], name: str) -> None:
    """Show the columns that have a label, in the order of the labels, and the downloads of all.

    Args:
        table: The answer.
        labels: Column -> what stands above it.
        name: What the files are called, and the table by tests.
    """
    wanted = {column: label for column, label in labels.items() if column in table.column_names}
    st.dataframe(
        drawn_frame(table.select(list(wanted))),
        hide_index=True,
        column_config=column_formats(table, wanted, metric_units(table)),
        key=f"{name}.table",
        alt=name.replace("_", " "),
    )
    show_downloads(table, name, name)
