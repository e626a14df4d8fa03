"""dbt-mcp, unmodified, in an environment of its own: its semantic layer's tools."""

from __future__ import annotations

import json
from typing import Any

import pytest

from clients.environments import client_environment, newer_python, run_in

pytestmark = pytest.mark.xdist_group("offers")


@pytest.fixture(scope="module")
def got(port: int, request: pytest.FixtureRequest) -> dict[str, Any]:
    assert request.config.cache is not None
    cache = request.config.cache.mkdir("clients")
    python = client_environment("dbt-mcp", cache, newer_python())
    return run_in(
        python,
        "call_mcp.py",
        {
            "DBT_HOST": f"localhost:{port}",
            "DBT_PROD_ENV_ID": "1",
            "DBT_TOKEN": "token-of-ana",
            "DBT_MCP_ENABLE_SEMANTIC_LAYER": "true",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_SL_GRAPHQL_URL_FORMAT": "http://{server_host}/api/graphql",
            # Nothing listens there: dbt-mcp then asks over GraphQL.
            "DBT_SL_ADBC_URL_FORMAT": "grpc://127.0.0.1:1",
        },
    )


def text(got: dict[str, Any], name: str) -> str:
    assert not got[name]["failed"], got[name]["text"]
    found: str = got[name]["text"]
    return found


def test_x(got):
    for k, v in got.items():
        print(k, v)
    assert 0
