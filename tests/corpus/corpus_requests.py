"""The corpus: what is asked, in words that are no interface's own, and what should come of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

GRAINS = ("hour", "day", "week", "month", "quarter", "year", "market_quarter")


@dataclass(frozen=True)
class Asked:
    """One request of the corpus, and what should come of it.

    Attributes:
        name: What the tests call it: its file, and its name there.
        values: A dimension whose values are asked.
        where: Texts that must all hold.
        where_json: The same as JSON, for interfaces that take it.
        aliases: What the columns of metrics are to be called.
        page_size: Rows a page; the answer is asked page by page.
        error: What is said to be wrong, or the beginning or a part of it; none for an answer.
        own_words: Whether an interface may reject it in words of its own, before the engine does.
        right: Whether the rows are worked out from the seeds as well.
        metricflow: Why MetricFlow's own rows are others; none where they are the same.
        metricflow_on_duckdb: Why they are others on DuckDB alone.
        metricflow_on_postgres: Why they are others on PostgreSQL alone.
        metricflow_types: Why MetricFlow's types are others on DuckDB, where its values are right.
        metricflow_answers: Why MetricFlow answers what is refused here.
        metricflow_cannot: Whether MetricFlow does not understand it at all.
    """

    name: str
    metrics: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    where_json: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    start_time: dt.date | None = None
    end_time: dt.date | None = None
    period: str | None = None
    saved_query: str | None = None
    aliases: tuple[tuple[str, str], ...] = ()
    values: str | None = None
    page_size: int | None = None
    error: str | None = None
    own_words: bool = False
    right: bool = False
    metricflow: str | None = None
    metricflow_on_duckdb: str | None = None
    metricflow_on_postgres: str | None = None
    metricflow_types: str | None = None
    metricflow_answers: str | None = None
    metricflow_cannot: bool = False

    @property
    def says(self) -> set[str]:
        """Give which parts of a request it has."""
        return {name for name in PARTS if getattr(self, name) not in ((), None)}


PARTS = (
    "metrics",
    "group_by",
    "where",
    "order_by",
    "limit",
    "start_time",
    "end_time",
    "period",
    "saved_query",
    "aliases",
    "values",
    "page_size",
)


def _asked(name: str, given: dict[str, Any]) -> Asked:
    said: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in given.items()
    }
    for key in ("start_time", "end_time"):
        if key in said:
            said[key] = dt.date.fromisoformat(said[key])
    said["aliases"] = tuple(given.get("aliases", {}).items())
    return Asked(name, **said)


def _read() -> list[Asked]:
    files = sorted((Path(__file__).parent / "requests").glob("*.yml"))
    return [
        _asked(f"{file.stem}.{name}", given)
        for file in files
        for name, given in yaml.safe_load(file.read_text(encoding="utf-8")).items()
    ]


CORPUS = _read()
ANSWERED = [one for one in CORPUS if one.error is None]
REFUSED = [one for one in CORPUS if one.error is not None]


def split(group_by: str) -> tuple[str, str | None, str | None]:
    """Give a group-by's name, its grain and its part of a date, where it has one."""
    path, _, last = group_by.rpartition("__")
    if last.lower() in GRAINS:
        return path, last.lower(), None
    if last.startswith("extract_"):
        return path, None, last.removeprefix("extract_")
    return group_by, None, None
