"""Arrow Flight SQL, a prepared statement at a time, as the ADBC driver calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import flight

from corpus.answers import Refusal, of_table
from corpus.corpus_requests import split
from corpus.interfaces.interface import ALL_BUT_PAGES, PERIODS
from serve.flight.flight_client import Client, field, packed

if TYPE_CHECKING:
    from corpus.answers import Outcome, Rows
    from corpus.corpus_requests import Asked


class FlightInterface:
    """Flight SQL."""

    name = "Flight SQL"
    can_say = ALL_BUT_PAGES | PERIODS | {"aliases"}
    least = 190

    def __init__(self, port: int) -> None:
        self._client = Client(port, "nobody asks")

    def lacks(self, asked: Asked) -> str | None:
        if asked.values is not None and asked.limit is not None:
            return "dimension_values() has no limit"
        return None

    def ask(self, asked: Asked, like: Rows | None) -> Outcome:
        del like
        statement = "{{ semantic_layer." + _call(asked) + " }}"
        try:
            handle = self._client.prepare(statement)[1]
            info = self._client.info(packed("CommandPreparedStatementQuery", field(1, handle)))
            [endpoint] = info.endpoints
            return of_table(self._client.get(endpoint.ticket.ticket))
        except (pa.ArrowException, flight.FlightError) as error:
            return Refusal(str(error))


def _call(asked: Asked) -> str:
    if asked.values is not None:
        said = {"metrics": _list(map(_text, asked.metrics)), "group_by": _text(asked.values)}
        return f"dimension_values({_arguments(said)})"
    said = {
        "metrics": _list(_metric(name, dict(asked.aliases)) for name in asked.metrics),
        "group_by": _list(map(_group_by, asked.group_by)),
        "where": _list(map(_text, asked.where)),
        "order_by": _list(_order(name, asked) for name in asked.order_by),
        "limit": "" if asked.limit is None else str(asked.limit),
        "period": _text(asked.period) if asked.period else "",
        "saved_query": _text(asked.saved_query) if asked.saved_query else "",
    }
    return f"query({_arguments(said)})"


def _arguments(said: dict[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in said.items() if value not in ("", "[]"))


def _list(written: object) -> str:
    return "[" + ", ".join(written) + "]"  # type: ignore[arg-type]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _metric(name: str, aliases: dict[str, str]) -> str:
    alias = f", alias={_text(aliases[name])}" if name in aliases else ""
    return f"Metric({_text(name)}{alias})"


def _group_by(name: str) -> str:
    path, grain, part = split(name)
    if part is not None:
        return f"TimeDimension({_text(path)}).date_part({_text(part)})"
    if grain is not None:
        return f"TimeDimension({_text(path)}, {_text(grain)})"
    return _text(path)


def _order(name: str, asked: Asked) -> str:
    bare = name.removeprefix("-")
    metrics = {*asked.metrics, *dict(asked.aliases).values()}
    what = f"Metric({_text(bare)})" if bare in metrics else _group_by(bare)
    if what.startswith('"'):
        return _text(name)
    return f"{what}.descending({name.startswith('-')})"
