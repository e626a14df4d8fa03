"""Alerts as the body of a webhook: plain JSON, or what Slack's incoming webhooks take."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from metrics_store.alerts.alert_reader import Alert


@dataclass(frozen=True)
class Report:
    """What is posted at once.

    Attributes:
        target: The target that the alerts are about.
        alerts: The alerts, each with the time it was first seen.
    """

    target: str
    alerts: Sequence[tuple[Alert, str]]


def as_json(report: Report) -> dict[str, Any]:
    """Give the alerts as they are."""
    return {
        "target": report.target,
        "alerts": [{**asdict(alert), "first_seen": seen} for alert, seen in report.alerts],
    }


def as_slack(report: Report) -> dict[str, Any]:
    """Give one message with a line an alert, in Slack's markup."""
    count = len(report.alerts)
    head = f"*{count} new alert{'' if count == 1 else 's'}* on {_escaped(report.target)}"
    lines = [f"• *{_escaped(alert.alert)}* {_escaped(alert.message)}" for alert, _ in report.alerts]
    return {"text": "\n".join([head, *lines])}


def _escaped(text: str) -> str:
    """Keep Slack from reading links, mentions and channels into a text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


FORMATS: dict[str, Callable[[Report], dict[str, Any]]] = {"json": as_json, "slack": as_slack}
