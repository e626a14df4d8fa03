"""The questions of `cases/`, each with the SQL that says what is right or the refusal."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        name: Its file, and its name there.
        asked: The arguments of `Connection.query`.
        rows: The check query, which gives the right rows; none where the question is refused.
        refused: What the refusal must name.
    """

    name: str
    asked: dict[str, Any]
    rows: str | None
    refused: str | None

    @property
    def is_ordered(self) -> bool:
        """Whether the rows come in an order that was asked for."""
        return "order_by" in self.asked


def _question(name: str, said: dict[str, Any]) -> Question:
    times = {"start_time": said.get("start"), "end_time": said.get("end")}
    assert all(value is None or isinstance(value, dt.date) for value in times.values()), name
    asked = {
        "metrics": said.get("metrics", "").split(),
        "group_by": said.get("by", "").split(),
        "where": said.get("where"),
        "order_by": said.get("order", "").split(),
        "limit": said.get("limit"),
        "saved_query": said.get("saved"),
        **times,
    }
    known = {"metrics", "by", "where", "order", "limit", "saved", "start", "end", "rows", "refused"}
    assert not said.keys() - known, name
    assert ("rows" in said) != ("refused" in said), name
    given = {key: value for key, value in asked.items() if value not in (None, [])}
    return Question(name, given, said.get("rows"), said.get("refused"))


QUESTIONS = [
    _question(f"{path.stem}.{name}", said)
    for path in sorted(CASES.glob("*.yml"))
    for name, said in yaml.safe_load(path.read_text(encoding="utf-8")).items()
]
