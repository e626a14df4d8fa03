"""Reads the alerts that the last build found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.project.artifacts import read_manifest
from metrics_store.warehouse.statement import RelationMissingError

if TYPE_CHECKING:
    import pyarrow as pa

    from metrics_store.warehouse.live_warehouse import LiveWarehouse

TAG = "alert"
_KNOWN = ("alert", "subject", "period", "value", "threshold", "message")


@dataclass(frozen=True)
class Alert:
    """One thing that an alert found.

    Attributes:
        alert: The alert's name.
        subject: What it found it about: a step, a source, a team.
        period: When; a day or a period's first day.
        value: What was found.
        threshold: From where on it is an alert.
        message: The same in words.
    """

    alert: str
    subject: str
    period: str | None
    value: float | None
    threshold: float | None
    message: str

    @property
    def key(self) -> tuple[str, str]:
        """What makes two findings the same one."""
        return self.alert, self.subject


def read_alerts(warehouse: LiveWarehouse) -> tuple[list[str], list[Alert]]:
    """Read the stored failures of every dbt test with the tag `alert`.

    A row's columns are those of `Alert`. A test without them is an alert all the same: it goes by
    its own name, and the row is its subject and its message.

    Returns:
        The names of the alerts that there are, and what is open.

    Raises:
        MetricsStoreError: An alert keeps no failures, or has not run yet.
    """
    nodes = read_manifest(warehouse.artifacts)["nodes"].values()
    tests = sorted(
        (node for node in nodes if node["resource_type"] == "test" and TAG in node["tags"]),
        key=lambda node: str(node["name"]),
    )
    found = {_alert(test["name"], row): None for test in tests for row in _rows(warehouse, test)}
    return [test["name"] for test in tests], list(found)


def _rows(warehouse: LiveWarehouse, test: dict[str, Any]) -> list[dict[str, Any]]:
    name, relation = test["name"], test.get("relation_name")
    if not relation:
        raise MetricsStoreError(
            f"the alert {name} does not keep what it finds",
            where=str(test["original_file_path"]),
            remedy="set `store_failures: true` for it and run `metrics build`",
        )
    try:
        table: pa.Table = warehouse.read(f"select * from {relation}")  # noqa: S608 - dbt quoted it
    except RelationMissingError:
        raise MetricsStoreError(
            f"the alert {name} has not run yet", where=str(relation), remedy="run `metrics build`"
        ) from None
    except MetricsStoreError as error:
        raise MetricsStoreError(
            f"the rows of the alert {name} cannot be read", where=error.detail or error.what
        ) from None
    rows: list[dict[str, Any]] = table.to_pylist()
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])


def _alert(test: str, row: dict[str, Any]) -> Alert:
    others = ", ".join(f"{name} {value}" for name, value in row.items() if name not in _KNOWN)
    subject = row.get("subject")
    return Alert(
        alert=str(row.get("alert") or test),
        subject=others if subject is None else str(subject),
        period=_text(row.get("period")),
        value=_number(row.get("value")),
        threshold=_number(row.get("threshold")),
        message=str(row.get("message") or others),
    )


def _text(value: object) -> str | None:
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, dt.date):
        return value.isoformat()
    return None if value is None else str(value)


def _number(value: object) -> float | None:
    # JSON knows neither infinity nor NaN.
    if isinstance(value, int | float | Decimal) and isfinite(value):
        return float(value)
    return None
