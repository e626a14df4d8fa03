"""Who looks at the app, and the connection that answers with what they may see."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.client import connect
from metrics_store.errors import MetricsStoreError, NotAuthenticatedError

if TYPE_CHECKING:
    from metrics_store.client import Connection

URL = "METRICS_STORE_URL"
TARGET = "METRICS_STORE_TARGET"
TOKEN = "METRICS_STORE_TOKEN"  # noqa: S105 - the name of the variable
# Of viewers that have gone the connection is closed at some time.
_VIEWERS = 200


def login_is_set_up() -> bool:
    """Whether Streamlit knows an identity provider: `[auth]` in its secrets."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def server_address() -> str | None:
    """Give the address of the server that is asked; none where it is the warehouse here."""
    return (os.environ.get(URL) or "").rstrip("/") or None


def viewer_connection() -> Connection:
    """Give the connection of whoever looks; where they have to log in first, ask them to.

    Where a login is set up, every question carries the viewer's own token, so that the server cuts
    the answers to their rows. Without one the app is for whoever started it.

    Raises:
        MetricsStoreError: There is nothing to connect to.
    """
    url = os.environ.get(URL) or None
    if not login_is_set_up():
        return _connection(url, os.environ.get(TOKEN) or None, os.environ.get("DBT_PROJECT_DIR"))
    if url is None:
        raise MetricsStoreError(
            "viewers log in here, but the app asks the warehouse with its own rights",
            expected=f"a server that knows the viewers, in {URL}",
            remedy=f"start `metrics serve` with `jwt` in its configuration, and set {URL}",
        )
    if not st.user.is_logged_in:
        st.title("Metrics")
        st.write("Log in to see what you may see.")
        st.button("Log in", type="primary", on_click=st.login)
        st.stop()
    token = _viewer_token()
    with st.sidebar:
        st.caption(f"Logged in as {st.user.get('email') or st.user.get('name') or 'you'}")
        st.button("Log out", on_click=st.logout)
    return _connection(url, token, None)


def _viewer_token() -> str:
    tokens = getattr(st.user, "tokens", None) or {}
    token = tokens.get("id")
    if not token:
        raise NotAuthenticatedError(
            "the login gives the app no token of yours to show to the server",
            where="[auth] in the secrets of Streamlit",
            expected='expose_tokens = ["id"]',
        )
    return str(token)


def _close(connection: Connection) -> None:
    connection.close()


@st.cache_resource(show_spinner="Opening the metrics ...", max_entries=_VIEWERS, on_release=_close)
def _connection(url: str | None, token: str | None, project: str | None) -> Connection:
    """Open a connection, one an identity: no two viewers ever share one."""
    if url is None:
        return connect(project_dir=project, target=os.environ.get(TARGET) or None)
    return connect(url, token=token)
