"""The connection to a server, over REST; rows come as Arrow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlsplit

import pyarrow as pa
import requests

from metrics_store.client.connection import Connection, listed
from metrics_store.client.response_errors import error_of, error_of_problem
from metrics_store.client.result import Result
from metrics_store.errors import ClosedError, MetricsStoreError, UnavailableError
from metrics_store.query.definitions.listed_entries import (
    DescribedMetric,
    Listed,
    ListedDimension,
    ListedEntity,
    ListedMeasure,
    ListedMetric,
    ListedSavedQuery,
)
from metrics_store.query.output.table_notices import (
    ROLLUP_REASONS,
    ROLLUPS,
    WARNING_KINDS,
    WARNINGS,
    notices_of,
    reference_date_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.client.connection import Names

Thing = TypeVar("Thing", bound=Listed)

_ARROW = "application/vnd.apache.arrow.stream"
_JSON = "application/json"
_CONNECT_SECONDS = 10.0
_PAGE = 1000
_QUERIES = 100
_OK = 200


class RemoteConnection(Connection):
    """Asks a server; nothing is kept here but the connection.

    Args:
        url: The server's address, such as `https://metrics.example.com`.
        token: What it knows you by.
        verify: As for `metrics_store.connect`.
        timeout: Seconds that it may take to answer.
    """

    def __init__(self, url: str, *, token: str | None, verify: bool | str, timeout: float) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise MetricsStoreError(
                "this is no address of a server", where=url, expected="http://HOST:PORT"
            )
        self._url = url.rstrip("/")
        self._timeout = (_CONNECT_SECONDS, timeout)
        self._session = requests.Session()
        self._session.verify = verify
        # A .netrc must not show its password to the server in place of the token.
        self._session.auth = _Bearer(token)
        self._is_closed = False

    def _request(
        self,
        path: str,
        *,
        accept: str = _JSON,
        parameters: dict[str, Any] | None = None,
        fields: dict[str, Any] | None = None,
    ) -> requests.Response:
        if self._is_closed:
            raise ClosedError
        try:
            response = self._session.request(
                "GET" if fields is None else "POST",
                self._url + path,
                params=parameters,
                json=fields,
                headers={"Accept": accept},
                timeout=self._timeout,
                # A token is shown to no other server.
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise UnavailableError(
                "the server cannot be reached",
                where=self._url,
                remedy="check the address, and that `metrics serve` runs there",
                detail=type(error).__name__,
            ) from None
        if response.status_code != _OK:
            raise error_of(response)
        return response

    def _broken_off(self) -> UnavailableError:
        return UnavailableError(
            "the server's answer broke off", where=self._url, remedy="ask again"
        )

    def _rows(self, response: requests.Response) -> Result:
        try:
            table = pa.ipc.open_stream(response.content).read_all()
        except pa.ArrowInvalid:
            raise self._broken_off() from None
        version, request_id = (
            response.headers.get(name, "") for name in ("X-Data-Version", "X-Request-ID")
        )
        return _result(table, version, request_id)

    def _query(self, fields: dict[str, Any]) -> Result:
        return self._rows(self._request("/v1/query", accept=_ARROW, fields=fields))

    def _query_many(self, questions: list[dict[str, Any]]) -> list[Result]:
        found: list[Result] = []
        for begin in range(0, len(questions), _QUERIES):
            fields = {"queries": questions[begin : begin + _QUERIES]}
            response = self._request("/v1/queries", accept=_ARROW, fields=fields)
            source = pa.BufferReader(response.content)
            while source.tell() < source.size():
                found.append(self._result_of(source))
        return found

    def _result_of(self, source: pa.NativeFile) -> Result:
        """Read one of several answers: a stream whose schema says what else is to be known."""
        try:
            table = pa.ipc.open_stream(source).read_all()
        except pa.ArrowInvalid:
            raise self._broken_off() from None
        known = dict(table.schema.metadata or {})
        if b"problem" in known:
            problem = json.loads(known[b"problem"])
            raise error_of_problem(problem, int(problem["status"]))
        version, request_id = (
            known.pop(name, b"").decode() for name in (b"data_version", b"request_id")
        )
        bare = table.replace_schema_metadata(known or None)
        return _result(bare, version, request_id)

    def _compile(self, fields: dict[str, Any]) -> tuple[str, Sequence[str], Sequence[str]]:
        answer = self._request("/v1/sql", fields=fields).json()
        texts, kinds = (
            [str(one) for one in answer.get(name, ())] for name in ("warnings", "warning_kinds")
        )
        return str(answer["sql"]), texts, kinds

    def _dimension_values(self, fields: dict[str, Any]) -> Result:
        return self._rows(self._request("/v1/dimension-values", accept=_ARROW, fields=fields))

    def _list(
        self, kind: type[Thing], path: str, names: Names | None = None, search: str | None = None
    ) -> list[Thing]:
        found: list[Thing] = []
        number = pages = 1
        while number <= pages:
            parameters = {
                "metrics": ",".join(listed(names)) or None,
                "search": search,
                "page": number,
                "page_size": _PAGE,
            }
            given = self._request(path, parameters=parameters).json()
            found += [kind.model_validate(item) for item in given["items"]]
            pages = given["page"]["total_pages"]
            number += 1
        return found

    def metrics(self, search: str | None = None) -> list[ListedMetric]:
        """List the metrics."""
        return self._list(ListedMetric, "/v1/metrics", search=search)

    def metric(self, name: str) -> DescribedMetric:
        """Describe a metric."""
        response = self._request("/v1/metrics/" + quote(name, safe=""))
        return DescribedMetric.model_validate(response.json())

    def dimensions(self, metrics: Names | None = None) -> list[ListedDimension]:
        """List dimensions."""
        return self._list(ListedDimension, "/v1/dimensions", metrics)

    def entities(self, metrics: Names | None = None) -> list[ListedEntity]:
        """List entities."""
        return self._list(ListedEntity, "/v1/entities", metrics)

    def measures(self, metrics: Names | None = None) -> list[ListedMeasure]:
        """List measures."""
        return self._list(ListedMeasure, "/v1/measures", metrics)

    def saved_queries(self) -> list[ListedSavedQuery]:
        """List the saved queries."""
        return self._list(ListedSavedQuery, "/v1/saved-queries")

    def close(self) -> None:
        """Close the connection to the server, and ask no more."""
        self._is_closed = True
        self._session.close()


def _result(table: pa.Table, version: str, request_id: str) -> Result:
    """Give a result with what its table's schema says besides the rows."""
    schema = table.schema
    return Result(
        table,
        version,
        request_id,
        notices_of(schema, WARNINGS),
        notices_of(schema, ROLLUPS),
        notices_of(schema, ROLLUP_REASONS),
        notices_of(schema, WARNING_KINDS),
        reference_date_of(schema),
    )


class _Bearer(requests.auth.AuthBase):
    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token is not None:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request
