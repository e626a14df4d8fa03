"""REST in its four formats, with what is asked in the address or in a body."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa
import pyarrow.parquet
import requests

from corpus.answers import Refusal, Rows, of_table, of_texts
from corpus.interfaces.interface import ALL_BUT_PAGES, TIMES

if TYPE_CHECKING:
    from corpus.answers import Outcome
    from corpus.corpus_requests import Asked

_OK = 200
_KEYS = ("metrics", "group_by", "order_by")


class RestInterface:
    """REST with a body; a page after the other where pages are asked."""

    name = "REST, JSON"
    can_say = ALL_BUT_PAGES | TIMES | {"page_size"}
    least = 190
    accept: ClassVar[str] = "application/json"

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()

    def lacks(self, asked: Asked) -> str | None:
        del asked
        return None

    def ask(self, asked: Asked, like: Rows | None) -> Outcome:
        found, pages, number = [], 1, 1
        while number <= pages:
            page = {"page": number, "page_size": asked.page_size} if asked.page_size else {}
            response = self.send(_path(asked), {**_question(asked), **page})
            if response.status_code != _OK:
                return _refusal(response)
            found.append(self.read(response, like))
            pages = int(response.headers["X-Total-Pages"])
            assert bool(asked.page_size and pages > 1) or pages == 1
            number += 1
        tables = [one.table for one in found]
        if tables[0] is not None:
            return of_table(pa.concat_tables(tables))
        return Rows(found[0].columns, [row for one in found for row in one.values])

    def send(self, path: str, question: dict[str, Any]) -> requests.Response:
        headers = {"Accept": self.accept}
        return self._session.post(self._url + path, json=question, headers=headers, timeout=60)

    def read(self, response: requests.Response, like: Rows | None) -> Rows:
        given = response.json()
        columns = [one["name"] for one in given["columns"]]
        rows = [[row[name] for name in columns] for row in given["rows"]]
        assert like is not None, rows
        return of_texts(columns, rows, like)


class RestCsvInterface(RestInterface):
    """REST with all that is asked in the address."""

    name = "REST, CSV"
    accept = "text/csv"

    def send(self, path: str, question: dict[str, Any]) -> requests.Response:
        said = {
            key: ",".join(value) if key in _KEYS and "" not in value else value
            for key, value in question.items()
        }
        if "where" in said:
            said["where"] = [
                json.dumps(one) if isinstance(one, dict) else one for one in said["where"]
            ]
        headers = {"Accept": self.accept}
        return self._session.get(self._url + path, params=said, headers=headers, timeout=60)

    def read(self, response: requests.Response, like: Rows | None) -> Rows:
        columns, *lines = csv.reader(io.StringIO(response.content.decode()))
        # A row whose one value is missing is an empty line.
        rows = [line or [""] for line in lines]
        assert like is not None, rows
        return of_texts(columns, rows, like)


class RestArrowInterface(RestInterface):
    """REST with Arrow."""

    name = "REST, Arrow"
    accept = "application/vnd.apache.arrow.stream"

    def read(self, response: requests.Response, like: Rows | None) -> Rows:
        del like
        return of_table(pa.ipc.open_stream(response.content).read_all())


class RestParquetInterface(RestInterface):
    """REST with Parquet."""

    name = "REST, Parquet"
    accept = "application/vnd.apache.parquet"

    def read(self, response: requests.Response, like: Rows | None) -> Rows:
        del like
        return of_table(pa.parquet.read_table(io.BytesIO(response.content)))


def _path(asked: Asked) -> str:
    return "/v1/query" if asked.values is None else "/v1/dimension-values"


def _question(asked: Asked) -> dict[str, Any]:
    said = {
        "metrics": list(asked.metrics),
        "group_by": list(asked.group_by),
        "order_by": list(asked.order_by),
        "where": list(asked.where_json or asked.where),
        "limit": asked.limit,
        "start_time": asked.start_time and asked.start_time.isoformat(),
        "end_time": asked.end_time and asked.end_time.isoformat(),
        "period": asked.period,
        "saved_query": asked.saved_query,
        "dimension": asked.values,
    }
    return {key: value for key, value in said.items() if value not in (None, [])}


def _refusal(response: requests.Response) -> Refusal:
    said = response.json()
    return Refusal(said["detail"], said["what"], said["code"])
