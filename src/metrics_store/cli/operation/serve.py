"""`metrics serve`: the server."""

from __future__ import annotations

from pathlib import Path

import click

from metrics_store.cli.target_option import target_option

_MOST_WORKERS = 64


def _worker_number(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> int | str | None:
    """Understand a number of workers, or `auto`."""
    if value is None or value == "auto":
        return value
    number = click.IntRange(1, _MOST_WORKERS)
    return number(value, parameter, context)


@click.command()
@click.option(
    "--project-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="The dbt project; by default the one that the working directory is in.",
)
@target_option
@click.option(
    "--config",
    "configuration_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The configuration file; by default everything is for this machine alone.",
)
@click.option("--host", help="Address to listen at, in place of the file's.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port, in place of the file's.")
@click.option(
    "--flight-port", type=click.IntRange(0, 65535), help="Port of Arrow Flight SQL, likewise."
)
@click.option(
    "--workers",
    callback=_worker_number,
    metavar="NUMBER|auto",
    help="Processes that answer, in place of the file's; auto: one for each core.",
)
def serve(  # noqa: PLR0913 - an argument an option
    *,
    project_dir: Path | None,
    target: str | None,
    configuration_file: Path | None,
    host: str | None,
    port: int | None,
    flight_port: int | None,
    workers: int | str | None,
) -> None:
    """Serve the metrics of a dbt project: REST at /v1, its description at /docs.

    \b
    metrics serve
    metrics serve --project-dir ../shop --port 9000
    metrics serve --config server.yml --workers 2
    """  # noqa: D301 - click reads the sign
    from metrics_store.errors import MetricsStoreError
    from metrics_store.project.location import find_project_directory, project_directory
    from metrics_store.project.profile import load_target

    try:
        from metrics_store.serve.configuration.configuration_file import read_configuration
        from metrics_store.serve.server import serve as run
    except ModuleNotFoundError as error:
        raise MetricsStoreError(
            "the server is not installed",
            where=f"the package {error.name} is missing",
            remedy="run `pip install metrics-store[server]`",
        ) from None
    given = {"host": host, "port": port, "flight_port": flight_port, "workers": workers}
    settings = {name: value for name, value in given.items() if value is not None}
    configuration = read_configuration(configuration_file).model_copy(update=settings)
    directory = find_project_directory() if project_dir is None else project_directory(project_dir)
    run(load_target(directory, target), configuration)
