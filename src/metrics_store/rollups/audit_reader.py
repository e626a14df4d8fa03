"""Reads the questions that an audit log has: what was asked, and which roll-ups answered."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_json import from_json
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class AskedQuestion:
    """A question that was answered.

    Attributes:
        request: The question.
        rollups: The roll-ups that it was answered from.
        rollup_reasons: Why it, or a part of it, was not answered from others.
        milliseconds: How long it took.
    """

    request: MetricRequest
    rollups: tuple[str, ...] = ()
    rollup_reasons: tuple[str, ...] = ()
    milliseconds: float = 0.0


def read_audit_log(path: Path) -> Iterator[AskedQuestion]:
    """Give the questions of an audit log that were answered; lines that are cut short are left out.

    Raises:
        MetricsStoreError: The file cannot be read.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                question = _question(line)
                if question is not None:
                    yield question
    except (OSError, UnicodeDecodeError) as error:
        raise MetricsStoreError(
            "the audit log cannot be read",
            where=str(path),
            expected="the file that `audit_log` of the server's configuration names",
            detail=type(error).__name__,
        ) from None


def _question(line: str) -> AskedQuestion | None:
    try:
        entry: dict[str, Any] = json.loads(line)
        if entry.get("action") != "answer" or entry.get("outcome") != "ok":
            return None
        asked = entry["asked"]
        where = asked.get("where")
        return AskedQuestion(
            MetricRequest(
                metrics=asked.get("metrics", ()),
                group_by=asked.get("group_by", ()),
                saved_query=asked.get("saved_query"),
                where=None if where is None else from_json(where),
            ),
            tuple(entry.get("rollups", ())),
            tuple(entry.get("rollup_reasons", ())),
            float(entry.get("milliseconds", 0)),
        )
    except (ValueError, KeyError, TypeError, AttributeError, MetricsStoreError):
        return None
