"""What stands where a number cannot: errors in their parts, empty states with what to do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.app.components.labels import plain
from metrics_store.errors import MetricsStoreError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LABELS = {"where": "Where", "expected": "Expected", "remedy": "What to do"}


def show_error(error: MetricsStoreError) -> None:
    """Show what is wrong, where, what was expected and what to do; text of others stays text."""
    parts = error.public_parts()
    lines = [f"**{plain(parts['what'])}**"]
    lines += [
        f"{label}: {plain(parts[name])}" for name, label in _LABELS.items() if parts.get(name)
    ]
    st.error("\n\n".join(lines), icon=":material/error:")
    if isinstance(error, UnavailableError):
        # Whatever it was may be over: the page is drawn anew.
        st.button("Try again", key=f"again {error.what}")


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show an error of the metrics in the place of what it comes from, and go on below."""
    try:
        yield
    except MetricsStoreError as error:
        show_error(error)


def show_nothing(what: str, to_do: str) -> None:
    """Say that there is nothing to show, and what to do about it."""
    st.info(f"**{what}**\n\n{to_do}", icon=":material/info:")
