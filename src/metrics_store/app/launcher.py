"""Starts the app: Streamlit with our settings, and without a word to anybody outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.web import bootstrap

from metrics_store.app.components.theme import theme_options

SCRIPT = Path(__file__).with_name("script.py")


def app_options(host: str, port: int, *, opens_browser: bool) -> dict[str, Any]:
    """Give the options that Streamlit is started with."""
    return {
        "server_address": host,
        "server_port": port,
        "server_headless": not opens_browser,
        "server_fileWatcherType": "none",
        "server_runOnSave": False,
        "server_showEmailPrompt": False,
        "browser_gatherUsageStats": False,
        "client_toolbarMode": "viewer",
        "client_showErrorDetails": "none",
        "client_showSidebarNavigation": False,
        "runner_fastReruns": True,
        **theme_options(),
    }


def run_app(host: str, port: int, *, opens_browser: bool) -> None:
    """Serve the app until it is interrupted."""
    options = app_options(host, port, opens_browser=opens_browser)
    bootstrap.load_config_options(flag_options=options)
    bootstrap.run(str(SCRIPT), is_hello=False, args=[], flag_options=options)
