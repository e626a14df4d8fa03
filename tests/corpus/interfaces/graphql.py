"""GraphQL as the dbt Semantic Layer's clients speak it, with either form of result."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa
import requests

from corpus.answers import Refusal, of_table, of_texts
from corpus.corpus_requests import split
from corpus.interfaces.interface import ALL_BUT_PAGES, PERIODS

if TYPE_CHECKING:
    from corpus.answers import Outcome, Rows
    from corpus.corpus_requests import Asked

_TYPES = {
    "savedQuery": "String",
    "metrics": "[MetricInput!]",
    "groupBy": "[GroupByInput!]",
    "where": "[WhereInput!]",
    "orderBy": "[OrderByInput!]",
    "limit": "Int",
    "period": "String",
}
_POLL = """query poll($id: String!) {
  query(environmentId: 1, queryId: $id) { status error totalPages %s }
}"""


class GraphqlArrowInterface:
    """GraphQL with `arrowResult`."""

    name = "GraphQL, Arrow"
    can_say = ALL_BUT_PAGES | PERIODS | {"aliases"}
    least = 190
    result: ClassVar[str] = "arrowResult"

    def __init__(self, url: str) -> None:
        self._url = url + "/api/graphql"
        self._session = requests.Session()

    def lacks(self, asked: Asked) -> str | None:
        del asked
        return None

    def ask(self, asked: Asked, like: Rows | None) -> Outcome:
        operation = "createQuery" if asked.values is None else "createDimensionValuesQuery"
        variables = _variables(asked)
        declared = ", ".join(f"${name}: {_TYPES[name]}" for name in variables)
        if operation == "createDimensionValuesQuery":
            declared = declared.replace("[GroupByInput!]", "[GroupByInput!]!")
        passed = ", ".join(f"{name}: ${name}" for name in variables)
        field = f"{operation}(environmentId: 1, {passed})"
        document = f"mutation begin({declared}) {{ {field} {{ queryId }} }}"
        begun = self._post(document, variables)
        if "errors" in begun:
            return _refused(begun)
        query_id = begun["data"][operation]["queryId"]
        while True:
            given = self._post(_POLL % self.result, {"id": query_id})
            if "errors" in given:
                return _refused(given)
            page = given["data"]["query"]
            if page["status"] == "FAILED":
                return Refusal(page["error"], page["error"].splitlines()[0])
            if page["status"] == "SUCCESSFUL":
                assert page["totalPages"] == 1
                return self.read(base64.b64decode(page[self.result]), like)

    def read(self, content: bytes, like: Rows | None) -> Rows:
        del like
        return of_table(pa.ipc.open_stream(content).read_all())

    def _post(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        question = {"query": document, "variables": variables}
        given: dict[str, Any] = self._session.post(self._url, json=question, timeout=60).json()
        return given


class GraphqlJsonInterface(GraphqlArrowInterface):
    """GraphQL with `jsonResult`."""

    name = "GraphQL, JSON"
    result = "jsonResult"

    def read(self, content: bytes, like: Rows | None) -> Rows:
        given = json.loads(content)
        columns = [one["name"] for one in given["schema"]["fields"] if one["name"] != "index"]
        rows = [[row[name] for name in columns] for row in given["data"]]
        assert like is not None, rows
        return of_texts(columns, rows, like)


def _variables(asked: Asked) -> dict[str, Any]:
    aliases = dict(asked.aliases)
    group_by = asked.group_by if asked.values is None else (asked.values,)
    said = {
        "savedQuery": asked.saved_query,
        "metrics": [
            {"name": name, "alias": aliases[name]} if name in aliases else {"name": name}
            for name in asked.metrics
        ],
        "groupBy": [_group_by(name) for name in group_by],
        "where": [{"sql": text} for text in asked.where],
        "orderBy": [_order(name, asked) for name in asked.order_by],
        "limit": asked.limit,
        "period": asked.period,
    }
    return {key: value for key, value in said.items() if value not in (None, [])}


def _group_by(name: str) -> dict[str, str]:
    path, grain, part = split(name)
    if part is not None:
        return {"name": path, "datePart": part.upper()}
    return {"name": path} if grain is None else {"name": path, "timeGranularity": grain}


def _order(name: str, asked: Asked) -> dict[str, Any]:
    bare = name.removeprefix("-")
    metrics = {*asked.metrics, *dict(asked.aliases).values()}
    # Of a saved query, its parts are in nobody's request.
    is_metric = bare in metrics or (asked.saved_query is not None and "__" not in bare)
    what = {"metric": {"name": bare}} if is_metric else {"groupBy": _group_by(bare)}
    return {**what, "descending": name.startswith("-")}


def _refused(given: dict[str, Any]) -> Refusal:
    [error] = given["errors"]
    words = error["message"]
    return Refusal(words, words.splitlines()[0], error["extensions"]["code"])
