"""`metrics mcp`: the metrics as tools of an assistant on this machine."""

from __future__ import annotations

import click

from metrics_store.cli.target_option import target_option


@click.command()
@target_option
def mcp(*, target: str | None) -> None:
    """Answer an assistant over standard input and output.

    \b
    Assistants that speak MCP start it themselves, with the dbt project as the working directory:
    {"command": "metrics", "args": ["mcp"], "cwd": "/path/to/the/project"}
    """  # noqa: D301 - click reads the sign
    from metrics_store.access.principal import LOCAL
    from metrics_store.engine.engine import Engine
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.serve.mcp.server import mcp_server
    from metrics_store.serve.mcp.tool_calls import Caller
    from metrics_store.serve.request_threads import RequestThreads

    engine = Engine(load_target(find_project_directory(), target))
    try:
        mcp_server(engine, lambda: Caller(LOCAL), RequestThreads()).run("stdio")
    finally:
        engine.close()
