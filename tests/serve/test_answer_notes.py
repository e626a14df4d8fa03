"""What an answer says besides its rows: the reference date, and what each warning is about."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet
import pytest
import requests

import metrics_store
from clients.server_thread import serving
from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.principal import LOCAL
from metrics_store.client import AnswerWarning, EmptyAnswerWarning
from metrics_store.engine.engine import Engine
from metrics_store.project.profile import load_target
from metrics_store.query.output.table_notices import WARNING_KINDS, notices_of, reference_date_of
from metrics_store.serve.application import application
from metrics_store.serve.configuration.configuration import Configuration
from metrics_store.serve.monitoring.counters import Counters
from metrics_store.serve.monitoring.readiness import Readiness
from metrics_store.serve.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("bikes")

# The newest ride is of this day.
NEWEST = "2024-05-31"
NONE = {"metrics": ["rides"], "where": "ride__kind = 'City'"}
REASON = "no ride__kind is 'City'; did you mean 'city'?"
_POLL = "query { query(environmentId: 1, queryId: %s) { status referenceDate error } }"


@pytest.fixture(scope="module")
def url(bikes: SmallProject) -> Iterator[str]:
    engine = Engine(load_target(bikes.directory))
    service = Service(engine, Authenticator(everybody=LOCAL))
    app = application(service, Configuration(), Counters(), Readiness(engine))
    with serving(app) as port:  # type: ignore[arg-type]
        yield f"http://127.0.0.1:{port}"
    engine.close()


def _post(url: str, path: str, body: object, accept: str = "application/json") -> requests.Response:
    response = requests.post(url + path, json=body, headers={"Accept": accept}, timeout=60)
    assert response.status_code == 200, response.text
    return response


def test_rest(url: str) -> None:
    answer = _post(url, "/v1/query", NONE)
    assert answer.headers["X-Reference-Date"] == NEWEST
    for said in (
        answer.json(),
        _post(url, "/v1/queries", {"queries": [NONE]}).json()["answers"][0],
    ):
        assert said["reference_date"] == NEWEST
        assert (said["warnings"], said["warning_kinds"]) == ([REASON], ["empty_answer"])
    arrow = _post(url, "/v1/query", NONE, "application/vnd.apache.arrow.stream").content
    parquet = _post(url, "/v1/query", NONE, "application/vnd.apache.parquet").content
    for schema in (
        pa.ipc.open_stream(arrow).schema,
        pyarrow.parquet.read_schema(io.BytesIO(parquet)),
    ):
        assert str(reference_date_of(schema)) == NEWEST
        assert notices_of(schema, WARNING_KINDS) == ("empty_answer",)


def _graphql(url: str, query: str) -> dict[str, Any]:
    given: dict[str, Any] = _post(url, "/api/graphql", {"query": query}).json()
    assert "errors" not in given
    return given


def test_graphql(url: str) -> None:
    where = "where: [{sql: \"ride__kind = 'City'\"}]"
    asked = f'environmentId: 1, metrics: [{{name: "rides"}}], {where}'
    begun = _graphql(url, f"mutation {{ createQuery({asked}) {{ queryId }} }}")
    query_id = begun["data"]["createQuery"]["queryId"]
    said: dict[str, Any] = {"data": {"query": {"status": ""}}}
    while said["data"]["query"]["status"] not in {"SUCCESSFUL", "FAILED"}:
        said = _graphql(url, _POLL % f'"{query_id}"')
    assert said["data"]["query"]["referenceDate"] == NEWEST
    assert said["extensions"] == {"warnings": [REASON], "warning_kinds": ["empty_answer"]}


@pytest.mark.parametrize("is_remote", [True, False])
def test_python(url: str, bikes: SmallProject, *, is_remote: bool) -> None:
    given: dict[str, Any] = {"url": url} if is_remote else {"project_dir": bikes.directory}
    with metrics_store.connect(**given) as connection:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", AnswerWarning)
            one = connection.query(**NONE)
            [other] = connection.query_many([NONE])
        assert [(one.category, one.filename) for one in caught] == [
            (EmptyAnswerWarning, __file__)
        ] * 2
        for result in (one, other):
            assert str(result.reference_date) == NEWEST
            assert (result.warnings, result.warning_kinds) == ((REASON,), ("empty_answer",))
