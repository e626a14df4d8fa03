"""One process serves every interface, and logs and counts the requests of all alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from pyarrow import flight

from metrics_store.access.authentication.known_tokens import hash_token
from metrics_store.access.authentication.scram import ScramVerifier
from serve.callers import TOKEN
from serve.server_process import serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

_COMPILE = (
    'mutation { compileSql(environmentId: 1, metrics: [{name: "revenue"}], '
    'groupBy: [{name: "metric_time", grain: MONTH}]) { sql } }'
)


@pytest.mark.slow
def test_every_interface_is_open(shop: Path, metrics_command: Path, tmp_path: Path) -> None:
    configuration = {
        "flight_port": 0,
        "postgres_port": 0,
        "tokens": [
            {
                "name": "ana",
                "sha256": hash_token(TOKEN),
                "scram": str(ScramVerifier.of_password(TOKEN)),
            }
        ],
        "audit_log": "audit.jsonl",
    }
    with serving(metrics_command, shop, directory=tmp_path, configuration=configuration) as server:
        server.get("/v1/query?metrics=revenue", TOKEN)
        compiled = server.post("/api/graphql", {"query": _COMPILE}, TOKEN).json()
        assert "SUM(amount)" in compiled["data"]["compileSql"]["sql"]
        rewrites = ["grouped by day before by longer periods: revenue"]
        assert compiled["extensions"] == {"rewrites": rewrites}
        refused = server.post("/api/graphql", {"query": _COMPILE}).json()
        assert refused["errors"][0]["message"] == "User is not authorized"
        address = server.entry(message="listening")["flight"]
        headers = flight.FlightCallOptions(headers=[(b"authorization", f"Bearer {TOKEN}".encode())])
        with flight.connect(address) as client:
            assert list(client.list_actions(headers))
        database = server.entry(message="listening")["postgres"]
        with psycopg.connect(database, user="ana", password=TOKEN) as connection:
            assert connection.execute("select revenue from all_metrics").fetchall()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(database, user="ana", password="another")  # noqa: S106
        ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        accept = {"Accept": "application/json, text/event-stream"}
        assert server.post("/mcp", ping, headers=accept).status_code == 401
        assert server.post("/mcp", ping, TOKEN, headers=accept).status_code < 500
        assert server.stop() == 0
        requests = [entry for entry in server.entries() if entry["message"] == "request"]
        asked = {entry["door"]: entry for entry in requests if entry.get("metrics")}
        assert {"rest", "graphql", "postgres"} <= set(asked)
        assert {entry["principal"] for entry in asked.values()} == {"ana"}
        audited = (tmp_path / "audit.jsonl").read_text(encoding="utf-8")
        assert '"door": "graphql"' in audited
        assert TOKEN not in audited + "".join(server.lines)
