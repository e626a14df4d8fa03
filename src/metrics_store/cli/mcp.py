"""`metrics mcp`: the metrics as tools of an assistant on this machine."""

from __future__ import annotations

import click

from metrics_store.cli.options import target_option


@click.command()
@target_option
def mcp(*, target: str | None) -> None:
    r"""Answer an assistant over standard input and output.

    \b
    Assistants that speak MCP start it themselves, with the dbt project as the working directory:
    {"command": "metrics", "args": ["mcp"], "cwd": "/path/to/the/project"}
    """
    from metrics_store.access.local import local_principal
    from metrics_store.engine.engine import Engine
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.serve.mcp.server import mcp_server
    from metrics_store.serve.mcp.working import Caller
    from metrics_store.serve.workers import Workers

    project = find_project_directory()
    principal = local_principal(project)
    engine = Engine(load_target(project, target))
    try:
        mcp_server(engine, lambda: Caller(principal), Workers()).run("stdio")
    finally:
        engine.close()
