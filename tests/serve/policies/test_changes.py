"""Policies that change, break or go while the server runs; what one caller got is no other's."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from hostile.interface_requests import Question, graphql_variables, statement_of
from hostile.leak_checks import sums_of
from serve.flight.flight_client import Client
from serve.policies.conftest import POLICIES, TOKENS, revenue, write_policies

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from serve.policies.conftest import Market

pytestmark = pytest.mark.xdist_group("market")

BY_STATUS = Question()
HIDDEN = Question(metrics=("largest_order",))
PATH = "/v1/query?metrics=revenue&group_by=order__status"
_BEGIN = """mutation ($metrics: [MetricInput!], $groupBy: [GroupByInput!]) {
  createQuery(environmentId: 1, metrics: $metrics, groupBy: $groupBy) { queryId } }"""
_ASK = "query ($id: String!) { query(environmentId: 1, queryId: $id) { status arrowResult } }"
_CANCEL = "mutation ($id: String!) { cancelQuery(environmentId: 1, queryId: $id) { queryId } }"


def test_a_query_of_somebody_else(market: Market) -> None:
    ada = market.of("ada")
    said = graphql_variables(BY_STATUS)
    begun = ada.graphql(_BEGIN, {name: said[name] for name in ("metrics", "groupBy")})
    given = {"id": begun["data"]["createQuery"]["queryId"]}
    for name in ("bea", "eve"):
        for document in (_ASK, _CANCEL):
            there = market.of(name).graphql(document, given)
            none = market.of(name).graphql(document, {"id": "f" * 32})
            assert there["data"] is None or None in there["data"].values()
            assert there["errors"][0]["extensions"]["code"] == "not_found"
            told = there["errors"][0]["message"].replace(given["id"], "f" * 32)
            assert told == none["errors"][0]["message"]
    assert ada.graphql(_ASK, given)["data"]["query"]["status"] == "SUCCESSFUL"


def test_a_ticket_of_somebody_else(market: Market) -> None:
    ada = market.of("ada")
    assert ada.flight is not None
    with Client(ada.flight, TOKENS["ada"]) as client:
        [endpoint] = client.info_of(statement_of(BY_STATUS)).endpoints
        ticket = endpoint.ticket.ticket
        handle = client.prepare(statement_of(BY_STATUS))[1]
        everything = client.get(ticket).to_pylist()
    with Client(ada.flight, TOKENS["bea"]) as client:
        own = client.get(ticket).to_pylist()
        assert {row["order__status"]: row["revenue"] for row in own} == revenue("south")
        assert own != everything
    with Client(ada.flight, TOKENS["eve"]) as client:
        for content in (ticket, handle):
            with pytest.raises(Exception, match=r"metric|policy|message"):
                client.get(content)


@pytest.mark.slow
def test_tags(own_market: Market) -> None:
    ada, bea, eve = (own_market.of(name) for name in ("ada", "bea", "eve"))
    tags = {server.token: server.http("GET", PATH).headers.get("ETag") for server in (ada, bea)}
    assert len(set(tags.values())) == 2

    def asked(server: Any, tag: str | None) -> int:  # noqa: ANN401
        found = server.http("GET", PATH, headers={"If-None-Match": tag})
        return int(found.status_code)

    assert (asked(ada, tags[ada.token]), asked(bea, tags[bea.token])) == (304, 304)
    assert (asked(bea, tags[ada.token]), asked(ada, tags[bea.token])) == (200, 200)
    assert asked(eve, tags[ada.token]) == asked(eve, tags[bea.token]) == 400
    assert asked(eve, "*") == 400
    without_bea = {**POLICIES, "policies": POLICIES["policies"][:1]}
    write_policies(own_market.project, without_bea)
    assert asked(bea, tags[bea.token]) == 400
    north = copy.deepcopy(POLICIES)
    north["policies"][1]["rows"][0]["in"] = ["north"]
    write_policies(own_market.project, north)
    found = bea.http("GET", PATH, headers={"If-None-Match": tags[bea.token]})
    assert found.status_code == 200
    sums = {row["order__status"]: row["revenue"] for row in found.json()["rows"]}
    assert sums == pytest.approx({key: float(value) for key, value in revenue("north").items()})  # type: ignore[arg-type]


def _check(market: Market, *, south: bool = True) -> None:
    """See that each caller gets what is theirs and no more, at every interface."""
    with market.interfaces("bea") as interfaces:
        for interface in interfaces:
            told = interface.put(BY_STATUS)
            assert told.rows is None if not south else sums_of(told) == revenue("south"), (
                interface.name
            )
            assert interface.put(HIDDEN).rows is None, interface.name
    with market.interfaces("eve") as interfaces:
        assert all(interface.put(BY_STATUS).rows is None for interface in interfaces)


def _newest(market: Market) -> str:
    """Give what the server says of what is newer than what it answers from."""
    return str(market.serving.get("/readyz").json()["newest_build"])


def _garbage(project: Path) -> None:
    write_policies(project, "policies: [{name: x")


def _unknown_names(project: Path) -> None:
    wrong = copy.deepcopy(POLICIES)
    wrong["policies"][0] |= {"to": "*", "metrics": ["no_such_metric", "revenue"]}
    write_policies(project, wrong)


def _open_to_all_by_mistake(project: Path) -> None:
    write_policies(project, "policies:\n- {name: x, to: '*', metrics: ['*'], dimensons: ['*']}\n")


def _removed(project: Path) -> None:
    (project / "access.yml").unlink()


def _renamed(project: Path) -> None:
    (project / "access.yml").rename(project / "access.yaml")


def _link_to_nowhere(project: Path) -> None:
    (project / "access.yml").unlink()
    (project / "access.yml").symlink_to("nowhere.yml")


def _unreadable(project: Path) -> None:
    (project / "access.yml").unlink()
    (project / "access.yml").mkdir()


BREAKS = [
    _garbage,
    _unknown_names,
    _open_to_all_by_mistake,
    _removed,
    _renamed,
    _link_to_nowhere,
    _unreadable,
]


@pytest.mark.slow
def test_policies_that_break(
    own_market: Market, wait: Callable[[Callable[[], bool]], None]
) -> None:
    """Whatever happens to the file, nobody sees more than before, and the server says so."""
    project = own_market.project
    _check(own_market)
    wait(lambda: _newest(own_market) == "ok")
    for breaks in BREAKS:
        breaks(project)
        _check(own_market)
        wait(lambda: "policies" in _newest(own_market))
        assert str(project) not in _newest(own_market)
        _mend(project)
        wait(lambda: _newest(own_market) == "ok")
    write_policies(project, {**POLICIES, "policies": POLICIES["policies"][:1]})
    _check(own_market, south=False)


def _mend(project: Path) -> None:
    path = project / "access.yml"
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    (project / "access.yaml").unlink(missing_ok=True)
    write_policies(project)
