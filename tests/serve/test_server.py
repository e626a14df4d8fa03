"""One command starts the server, a signal ends it, and what is wrong is said before it starts."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import ipaddress
import json
import select
import shutil
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyarrow import flight

from metrics_store.access.authentication.known_tokens import hash_token
from serve.callers import MCP_HEADERS, calling_mcp
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from environment import RunMetrics

pytestmark = pytest.mark.xdist_group("shop")

TOKEN = "ms_a-token-for-the-tests-of-the-server"  # noqa: S105
SLOW = "/v1/query?metrics=slow"
SLOWER = "/v1/query?metrics=slower"


def _certificate(directory: Path) -> dict[str, str]:
    """Make a certificate for this machine that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "metrics")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    (directory / "server.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (directory / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return {"certificate": "server.pem", "key": "key.pem"}


@pytest.mark.slow
def test_a_connection_that_rests_is_kept(shop: Path, metrics_command: Path, tmp_path: Path) -> None:
    # Uvicorn itself hangs up after five seconds, just when a caller may ask again.
    with serving(metrics_command, shop, directory=tmp_path) as server:
        address = urlsplit(server.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port)
        with contextlib.closing(connection):
            for _ in (1, 2):
                connection.request("GET", "/healthz")
                assert connection.getresponse().read()
                assert connection.sock is not None
                closed, _, _ = select.select([connection.sock], [], [], 5.5)
                assert closed == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_says_who_may_ask_and_ends(
    shop: Path, metrics_command: Path, tmp_path: Path, number: int
) -> None:
    arguments = ["--target", "duckdb", "--host", "localhost"]
    with serving(metrics_command, shop, *arguments, directory=tmp_path) as server:
        start = server.entry(message="listening")
        assert start["who_may_ask"] == "everybody at this machine, without a token"
        assert start["target"] == "duckdb"
        assert server.get("/v1/query?metrics=revenue").json()["rows"] == [{"revenue": 135.65}]
        assert server.stop(number) == 0
        assert server.entry(message="stopped")


@pytest.mark.slow
def test_nothing_but_its_log_is_written_to_the_end(shop: Path, tmp_path: Path) -> None:
    # The command itself: what is forked from the tests' process ends without its farewells.
    command = Path(sys.executable).with_name("metrics")
    with serving(command, shop, directory=tmp_path) as server:
        assert server.get("/v1/query?metrics=revenue").ok
        server.stop()
    assert "stopped" in server.lines[-1]
    assert all(line.startswith("{") for line in server.lines), server.lines


@pytest.mark.slow
def test_without_a_file_and_by_the_working_directory(
    shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    with serving(
        metrics_command, shop, "--port", "0", directory=tmp_path, configuration={"port": 1}
    ) as server:
        # What the command says counts before the file: port 1 could not be taken.
        assert server.get("/healthz").json() == {"status": "ok"}


@pytest.mark.slow
def test_flight_is_opened_beside_it(shop: Path, metrics_command: Path, tmp_path: Path) -> None:
    with serving(
        metrics_command, shop, directory=tmp_path, configuration={"flight_port": 0}
    ) as server:
        address = server.entry(message="listening")["flight"]
        with flight.connect(address) as client:
            assert list(client.list_actions())
        assert server.stop() == 0


@pytest.mark.slow
def test_encryption(shop: Path, metrics_command: Path, tmp_path: Path) -> None:
    tls = _certificate(tmp_path)
    configuration = {"tls": tls, "tokens": [{"name": "ana", "sha256": hash_token(TOKEN)}]}
    with serving(metrics_command, shop, directory=tmp_path, configuration=configuration) as server:
        assert server.url.startswith("https://")
        trusted = str(tmp_path / "server.pem")
        found = server.get("/v1/metrics", TOKEN, verify=trusted)
        assert found.json()["items"][0]["name"] == "revenue"
        with pytest.raises(requests.exceptions.SSLError):
            server.get("/v1/metrics", TOKEN)
        with pytest.raises(requests.exceptions.ConnectionError):
            requests.get(server.url.replace("https", "http"), timeout=30)


def _refused(run: RunMetrics, directory: Path, project: Path, text: str, *more: str) -> str:
    file = directory / "server.yml"
    file.write_text(text, encoding="utf-8")
    ended = run("serve", "--project-dir", str(project), "--config", str(file), *more, cwd=directory)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("error: ")
    return ended.stderr


@pytest.mark.slow
def test_what_is_wrong_is_said_at_the_start(
    shop: Path, run_metrics: RunMetrics, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        words = _refused(run_metrics, tmp_path, shop, "{}", "--port", port)
        assert f"127.0.0.1, port {port}: Address already in use" in words
        words = _refused(run_metrics, tmp_path, shop, "port: 0", "--flight-port", port)
        assert f"port {port}: Address already in use" in words
    assert "this machine alone" in _refused(run_metrics, tmp_path, shop, "host: 0.0.0.0")
    assert ":1 (prot)" in _refused(run_metrics, tmp_path, shop, "prot: 1")
    assert "not a dbt project" in _refused(run_metrics, tmp_path, tmp_path, "{}")
    assert "no target named x" in _refused(run_metrics, tmp_path, shop, "{}", "--target", "x")
    (tmp_path / "a.pem").write_text("no key", encoding="utf-8")
    tls = "tls: {certificate: a.pem, key: a.pem}"
    assert "cannot be used" in _refused(run_metrics, tmp_path, shop, tls)
    audit = "audit_log: nowhere/audit.jsonl"
    assert "audit log cannot be written" in _refused(run_metrics, tmp_path, shop, audit)


@pytest.mark.slow
def test_a_token_is_made_shown_once_and_known(
    shop: Path, metrics_command: Path, run_metrics: RunMetrics, tmp_path: Path
) -> None:
    options = ["--group", "sales", "--attribute", "teams=EMEA", "--attribute", "teams=APAC"]
    made = run_metrics("token", "ana@example.com", *options, cwd=tmp_path)
    token = made.stderr.split()[-1]
    assert token not in made.stdout
    [entry] = yaml.safe_load(made.stdout)["tokens"]
    assert entry["attributes"] == {"teams": ["EMEA", "APAC"]}
    configuration = yaml.safe_load(made.stdout)
    with serving(metrics_command, shop, directory=tmp_path, configuration=configuration) as server:
        assert server.get("/v1/metrics", token).status_code == 200
        assert server.get("/v1/metrics", token + "x").status_code == 401


@pytest.mark.slow
def test_tokens_without_tls_are_warned_of(
    shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    tokens = [{"name": "ana", "sha256": hash_token(TOKEN)}]
    for host, warned in (("0.0.0.0", True), ("127.0.0.1", False)):  # noqa: S104 - what it warns of
        configuration = {"host": host, "tokens": tokens}
        with serving(
            metrics_command, shop, directory=tmp_path, configuration=configuration
        ) as server:
            server.entry(message="listening")
            warnings = [one for one in server.entries() if one["level"] == "warning"]
            assert [one["host"] for one in warnings] == [host] * warned


def _ask_aside(server: Serving, path: str, found: list[requests.Response]) -> threading.Thread:
    url = server.url + path
    thread = threading.Thread(target=lambda: found.append(requests.get(url, timeout=120)))
    thread.start()
    return thread


def _wait_until_asked(server: Serving) -> None:
    """Wait until a request besides this one is under way."""
    while "metrics_store_http_in_flight 2.0" not in server.get("/metrics").text:
        pass
    # The engine is asked a moment later, when the request has been read.
    time.sleep(1)


@pytest.mark.slow
def test_requests_under_way_are_ended_first(
    slow_shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    configuration = {"shutdown_seconds": 60}
    with serving(
        metrics_command, slow_shop, directory=tmp_path, configuration=configuration
    ) as server:
        found: list[requests.Response] = []
        asking = _ask_aside(server, SLOW, found)
        _wait_until_asked(server)
        assert server.stop() == 0
        asking.join()
        assert [response.status_code for response in found] == [200]


@pytest.mark.slow
def test_what_takes_too_long_is_given_up_at_the_end(
    slow_shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    configuration = {"shutdown_seconds": 1}
    with serving(
        metrics_command, slow_shop, directory=tmp_path, configuration=configuration
    ) as server:
        found: list[requests.Response] = []
        asking = _ask_aside(server, SLOWER, found)
        _wait_until_asked(server)
        assert server.stop() == 0
        asking.join()
        assert [response.json()["code"] for response in found] == ["cancelled"]
        assert server.entry(path="/v1/query")["outcome"] == "cancelled"


@pytest.mark.slow
def test_a_query_of_graphql_is_given_up_at_the_end(
    slow_shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    asked = (
        """mutation { createQuery(environmentId: 1, metrics: [{name: "slower"}]) { queryId } }"""
    )
    with serving(metrics_command, slow_shop, directory=tmp_path) as server:
        begun = server.post("/api/graphql", {"query": asked}).json()
        query_id = begun["data"]["createQuery"]["queryId"]
        poll = f'{{ query(environmentId: 1, queryId: "{query_id}") {{ status }} }}'
        while server.post("/api/graphql", {"query": poll}).json()["data"]["query"] != {
            "status": "RUNNING"
        }:
            pass
        assert server.stop() == 0
        given_up = server.entry(request_id=query_id)
        assert (given_up["outcome"], given_up["metrics"]) == ("cancelled", ["slower"])


@pytest.mark.slow
def test_a_caller_of_mcp_who_has_gone_stops_the_work(
    slow_shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    with serving(metrics_command, slow_shop, directory=tmp_path) as server:
        host, port = server.url.removeprefix("http://").split(":")
        body = json.dumps(calling_mcp("query_metrics", {"metrics": ["slower"]}))
        headers = {**MCP_HEADERS, "Host": "localhost", "Content-Length": str(len(body))}
        said = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection((host, int(port))) as caller:
            caller.sendall(f"POST /mcp HTTP/1.1\r\n{said}\r\n{body}".encode())
            _wait_until_asked(server)
        gone = server.entry(path="/mcp")
        assert (gone["outcome"], gone["metrics"]) == ("cancelled", ["slower"])


@pytest.mark.slow
def test_a_caller_who_has_gone_stops_the_work(
    slow_shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    with serving(metrics_command, slow_shop, directory=tmp_path) as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as caller:
            caller.sendall(f"GET {SLOWER} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            _wait_until_asked(server)
        gone = server.entry(path="/v1/query")
        assert (gone["outcome"], gone["metrics"]) == ("cancelled", ["slower"])
        assert server.get("/healthz").status_code == 200


@pytest.mark.slow
def test_limits(slow_shop: Path, metrics_command: Path, tmp_path: Path) -> None:
    configuration = {"limits": {"timeout_seconds": 0.2, "rows": 2}}
    with serving(
        metrics_command, slow_shop, directory=tmp_path, configuration=configuration
    ) as server:
        late = server.get(SLOWER)
        assert (late.status_code, late.json()["code"]) == (422, "limit_exceeded")
        assert "0.2 seconds" in late.json()["what"]
        many = server.get("/v1/query?metrics=revenue&group_by=metric_time__day")
        assert (many.status_code, "2 rows" in many.json()["what"]) == (422, True)


@pytest.mark.slow
def test_when_too_many_ask_some_are_told_to_come_back(
    slow_shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    configuration = {
        "limits": {"concurrent_requests": 1, "waiting_seconds": 0.1, "timeout_seconds": 30},
        "shutdown_seconds": 1,
    }
    with serving(
        metrics_command, slow_shop, directory=tmp_path, configuration=configuration
    ) as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as first:
            first.sendall(f"GET {SLOWER} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            _wait_until_asked(server)
            busy = server.get("/v1/query?metrics=revenue")
            assert (busy.status_code, busy.json()["code"]) == (503, "busy")
            assert busy.headers["Retry-After"]
            # Whoever looks whether it lives does not wait for a turn.
            assert server.get("/healthz").status_code == 200


@pytest.mark.slow
def test_a_server_without_a_warehouse_says_so_and_waits_for_one(
    shop: Path, metrics_command: Path, tmp_path: Path
) -> None:
    project = tmp_path / "shop"
    shutil.copytree(shop, project)
    (project / "warehouse").rename(tmp_path / "kept")
    (project / "warehouse").mkdir()
    with serving(metrics_command, project, directory=tmp_path) as server:
        assert server.get("/healthz").status_code == 200
        ready = server.get("/readyz")
        assert (ready.status_code, ready.json()["warehouse"]) == (503, "there is no warehouse yet")
        refused = server.get("/v1/query?metrics=revenue")
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert str(tmp_path) not in refused.text + ready.text
        (project / "warehouse").rmdir()
        (tmp_path / "kept").rename(project / "warehouse")
        assert server.get("/v1/query?metrics=revenue").status_code == 200


@pytest.mark.slow
def test_pages_of_named_origins_may_ask(shop: Path, metrics_command: Path, tmp_path: Path) -> None:
    origin = "https://dashboards.example.com"
    configuration = {"cors": {"origins": [origin]}}
    with serving(metrics_command, shop, directory=tmp_path, configuration=configuration) as server:
        asked = {"Access-Control-Request-Method": "POST", "Origin": origin}
        allowed = server.ask("OPTIONS", "/v1/query", headers=asked)
        assert allowed.headers["Access-Control-Allow-Origin"] == origin
        found = server.get("/v1/query?metrics=revenue", headers={"Origin": origin})
        assert found.headers["Access-Control-Allow-Origin"] == origin
        assert "ETag" in found.headers["Access-Control-Expose-Headers"]
        other = server.get("/v1/metrics", headers={"Origin": "https://attacker.example"})
        assert "Access-Control-Allow-Origin" not in other.headers
