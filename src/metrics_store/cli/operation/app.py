"""`metrics app`: the metrics to look at, in a browser."""

from __future__ import annotations

import os
from pathlib import Path

import click

from metrics_store.cli.target_option import target_option

_PORT = 8501
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@click.command()
@click.option(
    "--project-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="The dbt project; by default the one that the working directory is in.",
)
@target_option
@click.option(
    "--url", envvar="METRICS_STORE_URL", help="A server to ask, in place of the warehouse here."
)
@click.option("--host", default="localhost", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=_PORT, show_default=True)
@click.option("--browser/--no-browser", default=False, help="Open the page in a browser.")
def app(  # noqa: PLR0913 - an argument an option
    *,
    project_dir: Path | None,
    target: str | None,
    url: str | None,
    host: str,
    port: int,
    browser: bool,
) -> None:
    """Look at the metrics: the project's own pages, and Explore for any metric.

    \b
    metrics app
    METRICS_STORE_URL=https://metrics.example.com METRICS_STORE_TOKEN=... metrics app

    It asks the warehouse here with the rights of whoever starts it, or a server with their token;
    where Streamlit's login is set up, with the token of each viewer.
    """  # noqa: D301 - click reads the sign
    from metrics_store.errors import MetricsStoreError
    from metrics_store.project.location import find_project_directory, project_directory
    from metrics_store.project.profile import load_target

    try:
        from metrics_store.app.launcher import run_app
        from metrics_store.app.viewer import TARGET, URL, login_is_set_up
    except ModuleNotFoundError as error:
        raise MetricsStoreError(
            "the app is not installed",
            where=f"the package {error.name} is missing",
            remedy="run `pip install metrics-store[app]`",
        ) from None
    if host not in _LOOPBACK and not login_is_set_up():
        raise MetricsStoreError(
            "others could look with your rights",
            where=f"--host {host}",
            expected="a login of the viewers, [auth] in .streamlit/secrets.toml",
            remedy="set up the login of Streamlit, or leave --host out",
        )
    if project_dir is not None:
        os.environ["DBT_PROJECT_DIR"] = str(project_directory(project_dir))
    if target is not None:
        os.environ[TARGET] = target
    if url:
        os.environ[URL] = url
    else:
        load_target(find_project_directory(), target)
    run_app(host, port, opens_browser=browser)
