"""Who asks in Cube's way, by what token, and what they see of a market with policies."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette

from clients.server_thread import serving
from metrics_store.access.audit_log import AuditLog
from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.authentication.json_web_tokens import JsonWebTokens
from metrics_store.access.authentication.signing_keys import SHARED, SigningKey, SigningKeys
from metrics_store.access.principal import Principal
from metrics_store.engine.audit_observer import AuditObserver
from metrics_store.engine.engine import Engine
from metrics_store.project.profile import load_target
from metrics_store.serve.cube.routes import routes
from metrics_store.serve.service import Service
from serve.callers import SECRET, web_token
from serve.cube.conftest import CubeServer
from serve.policies.conftest import HIDDEN, TOKENS, revenue, write_policies

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("corpus")

# As Cube's clients sign it: the claims of the caller beside what our verification wants.
BEA = {"sub": "bea", "groups": ["regional"], "regions": ["south"]}
REVENUE, STATUS = "orders.revenue", "orders.order__status"


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("audit") / "audit.jsonl"


@pytest.fixture(scope="module")
def guarded(
    market: SmallProject, audited: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CubeServer]:
    """Give an interface that asks for tokens, to a market with policies."""
    project = market.copy(tmp_path_factory.mktemp("guarded") / "market")
    write_policies(project.directory)
    engine = Engine(
        load_target(project.directory, "duckdb"), observers=[AuditObserver(AuditLog(audited))]
    )
    signed = JsonWebTokens(
        SigningKeys([SigningKey(SHARED, SECRET.encode())]),
        "metrics",
        attribute_claims={"regions": "regions"},
    )
    service = Service(engine, Authenticator({TOKENS["ada"]: Principal("ada")}, signed=signed))
    with serving(Starlette(routes=routes(service))) as port:
        yield CubeServer(f"http://127.0.0.1:{port}/cubejs-api/v1", engine)
    service.queries.close()
    engine.close()


def seen_by(guarded: CubeServer, token: str | None) -> CubeServer:
    return CubeServer(guarded.url, guarded.engine, token)


def sums(server: CubeServer) -> dict[str | None, Decimal | None]:
    rows = server.rows(measures=[REVENUE], dimensions=[STATUS])
    return {row[STATUS]: None if row[REVENUE] is None else Decimal(row[REVENUE]) for row in rows}


def test_a_token_stands_by_itself_or_after_its_scheme(guarded: CubeServer) -> None:
    for token in (TOKENS["ada"], f"Bearer {TOKENS['ada']}"):
        assert sums(seen_by(guarded, token)) == revenue()
    for token in (web_token(**BEA), f"Bearer {web_token(**BEA)}"):
        assert sums(seen_by(guarded, token)) == revenue("south")


@pytest.mark.parametrize(
    "token",
    [
        None, "", "nobody", web_token(**BEA)[:-3], web_token(aud="others"), web_token(exp=1),
        f"Basic {TOKENS['ada']}", f"Bearer Bearer {TOKENS['ada']}",
    ],
)  # fmt: skip
def test_others_learn_nothing(guarded: CubeServer, token: str | None) -> None:
    server = seen_by(guarded, token)
    for response in (
        server.get("meta"),
        server.post("load", {"query": {"measures": [REVENUE]}}),
        server.post("load", b"{"),
    ):
        assert response.status_code == 403
        assert list(response.json()) == ["error"]
        assert not [one for one in (*HIDDEN, "revenue", "ms_token") if one in response.text]


def test_what_is_hidden_does_not_exist(guarded: CubeServer) -> None:
    bea, ada = seen_by(guarded, web_token(**BEA)), seen_by(guarded, TOKENS["ada"])
    meta = bea.get("meta").text
    assert "orders.revenue_paid" in meta
    assert not [one for one in HIDDEN if f".{one}" in meta or f'"{one}"' in meta]
    assert all(f".{one}" in ada.get("meta").text for one in ("largest_order", "order__channel"))
    channel = {"measures": [REVENUE], "dimensions": ["orders.order__channel"]}
    invented = {"measures": [REVENUE], "dimensions": ["orders.order__chaqqel"]}
    for path in ("load", "sql", "dry-run"):
        told, instead = (bea.post(path, {"query": one}) for one in (channel, invented))
        assert told.status_code == instead.status_code == 400
        assert told.text.replace("channel", "chaqqel") == instead.text
        assert ada.post(path, {"query": channel}).status_code == 200
    # A hidden member is no condition either.
    for member in ("orders.order__channel", "orders.largest_order"):
        filters = [{"member": member, "operator": "set"}]
        assert "orders has no such member" in bea.refused(measures=[REVENUE], filters=filters)


def test_rows_of_another_are_in_no_answer_and_no_sql(guarded: CubeServer) -> None:
    bea = seen_by(guarded, web_token(**BEA))
    rows = bea.rows(measures=[REVENUE], dimensions=["orders.customer__region"], total=True)
    assert [row["orders.customer__region"] for row in rows] == ["south"]
    assert [
        row["orders.customer__region"] for row in bea.rows(dimensions=["orders.customer__region"])
    ] == ["south"]
    query = {"measures": [REVENUE]}
    assert "south" in bea.post("sql", {"query": query}).json()["sql"]["sql"][0]
    # Equal queries of two callers are two answers.
    ada = seen_by(guarded, TOKENS["ada"])
    assert ada.rows(**query) != bea.rows(**query) == bea.rows(**query)


def test_who_has_no_policy_sees_no_cube(guarded: CubeServer) -> None:
    eve = seen_by(guarded, web_token(sub="eve"))
    assert eve.get("meta").json() == {"cubes": []}
    assert "there is no such cube" in eve.refused(measures=[REVENUE])


def test_the_audit_log_knows_who_asked(guarded: CubeServer, audited: Path) -> None:
    seen_by(guarded, web_token(**BEA)).rows(measures=[REVENUE])
    assert any('"bea"' in line and '"cube"' in line for line in audited.read_text().splitlines())
