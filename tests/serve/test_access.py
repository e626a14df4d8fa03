"""Over HTTP nobody gets in who should not, and the audit log says who did what."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from serve.callers import SECRET, TOKEN, web_token

if TYPE_CHECKING:
    from serve.conftest import Guarded

pytestmark = pytest.mark.xdist_group("shop")

PATHS = [
    "/v1/query?metrics=revenue",
    "/v1/sql?metrics=revenue",
    "/v1/metrics",
    "/v1/metrics/revenue",
    "/v1/dimensions",
    "/v1/dimension-values?dimension=order__status&metrics=revenue",
    "/v1/entities",
    "/v1/measures",
    "/v1/saved-queries",
]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_said_to_nobody(guarded: Guarded, path: str) -> None:
    assert guarded.server.get(path, TOKEN).status_code == 200
    for token in (None, "wrong", TOKEN[:-1], ""):
        refused = guarded.server.get(path, token)
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")
        assert refused.json()["code"] == "not_authenticated"
        assert "revenue" not in refused.text


def test_tokens_of_every_kind(guarded: Guarded) -> None:
    for token in (TOKEN, "ms_the-token-of-ben-from-elsewhere", web_token()):
        assert guarded.server.get("/v1/metrics", token).status_code == 200
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    unsigned = f"{none}.{web_token().split('.')[1]}."
    for token in (unsigned, web_token(aud="billing"), web_token(exp=1), web_token()[:-3]):
        assert guarded.server.get("/v1/metrics", token).status_code == 401


def test_nothing_but_the_paths_asks_who_is_there(guarded: Guarded) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"):
        assert guarded.server.get(path).status_code == 200
        assert "revenue_by_status" not in guarded.server.get(path).text


def test_two_callers_never_share_a_tag(guarded: Guarded) -> None:
    path = "/v1/query?metrics=revenue"
    tag = guarded.server.get(path, TOKEN).headers["ETag"]
    same = guarded.server.get(path, TOKEN, headers={"If-None-Match": tag})
    other = guarded.server.get(path, web_token(), headers={"If-None-Match": tag})
    assert (same.status_code, other.status_code) == (304, 200)
    grouped = web_token(groups=["x"])
    regrouped = guarded.server.get(path, grouped, headers={"If-None-Match": other.headers["ETag"]})
    assert regrouped.status_code == 200


def test_the_audit_log_and_the_log(guarded: Guarded) -> None:
    where = "order__status = 'paid'"
    question = {"metrics": ["revenue"], "where": where}
    headers = {"X-Request-ID": "audited-1"}
    assert guarded.server.post("/v1/query", question, TOKEN, headers=headers).status_code == 200
    headers = {"X-Request-ID": "audited-2"}
    guarded.server.get("/v1/sql?metrics=revnue", web_token(groups=["a"]), headers=headers)
    lines = guarded.audit_log.read_text(encoding="utf-8").splitlines()
    entries = {entry["request_id"]: entry for entry in map(json.loads, lines)}
    first, second = entries["audited-1"], entries["audited-2"]
    assert (first["principal"], first["groups"], first["door"]) == ("ana", ["sales"], "rest")
    assert (first["outcome"], first["rows"], first["action"]) == ("ok", 1, "answer")
    assert first["asked"]["where"]["compare"]["value"] == "paid"
    assert (second["principal"], second["groups"]) == ("carla", ["a"])
    assert (second["outcome"], second["action"]) == ("invalid_request", "compile")
    assert "35.75" not in "".join(lines)
    logged = guarded.server.entry(request_id="audited-1")
    assert (logged["principal"], logged["outcome"], logged["rows"]) == ("ana", "ok", 1)
    assert logged["milliseconds"] > 0
    guarded.server.get("/v1/metrics", "wrong", headers={"X-Request-ID": "audited-3"})
    refused = guarded.server.entry(request_id="audited-3")
    assert (refused["principal"], refused["outcome"]) == (None, "not_authenticated")
    for secret in (TOKEN, SECRET, "ms_the-token-of-ben", web_token().split(".")[2]):
        assert secret not in "".join(guarded.server.lines + lines)
