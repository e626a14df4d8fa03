"""Where PostgreSQL's protocol is when it is left to the server."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from serve.server_process import serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")


def test_where_the_usual_port_is_taken_another_is_told(
    shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    with contextlib.ExitStack() as stack:
        # Somebody else may have it already, which does as well.
        with contextlib.suppress(OSError):
            stack.enter_context(socket.create_server(("127.0.0.1", 8082)))
        server = stack.enter_context(
            serving(
                metrics_command, shop, directory=tmp_path, configuration={"postgres_port": "auto"}
            )
        )
        port = urlsplit(str(server.entry(message="listening")["postgres"])).port
        warning = server.entry(level="warning", taken=8082)
        assert port not in (None, 8082)
        assert warning["postgres_port"] == port
        assert f"port={port}" in server.get("/", headers={"Accept": "text/html"}).text
        socket.create_connection(("127.0.0.1", port)).close()
