"""Who asks the guarded server."""

from __future__ import annotations

import jwt

TOKEN = "ms_token-of-ana-that-no-output-shows"  # noqa: S105
SECRET = "a-shared-secret-of-at-least-32-bytes-9f2a"  # noqa: S105

# What a client of MCP sends for one call of a tool.
MCP_HEADERS = {
    "Accept": "application/json, text/event-stream",
    "Content-Type": "application/json",
}


def web_token(**claims: object) -> str:
    """Sign a JSON Web Token as the issuer of the guarded server does."""
    said = {"sub": "carla", "aud": "metrics", "exp": 4_000_000_000, **claims}
    return jwt.encode(said, SECRET, algorithm="HS256")


def calling_mcp(tool: str, arguments: dict[str, object]) -> dict[str, object]:
    return {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }
