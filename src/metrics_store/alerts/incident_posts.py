"""Posts every incident once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from metrics_store.alerts.payloads import FORMATS, Report
from metrics_store.alerts.webhook import post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.alerts.alert_reader import Alert
    from metrics_store.alerts.incidents import IncidentFile

# Alerts in one post: what a person reads, and well under what Slack takes.
BATCH = 20


def post_new(
    alerts: Sequence[Alert], file: IncidentFile, *, url: str, body_format: str, target: str
) -> int:
    """Post the alerts whose incident was not posted yet, and remember which were.

    An incident lasts until a run no longer finds its alert; when it comes back it is another one.
    Each post is marked as soon as it was taken, so that a failure repeats none of those before.

    Returns:
        How many were posted.

    Raises:
        MetricsStoreError: The webhook does not take them, or the file cannot be kept.
    """
    with file.lock():
        incidents = file.update(alerts, _now())
        new = [alert for alert in alerts if incidents[alert.key].posted_at is None]
        for start in range(0, len(new), BATCH):
            batch = new[start : start + BATCH]
            report = Report(target, [(alert, incidents[alert.key].first_seen) for alert in batch])
            post(url, FORMATS[body_format](report))
            file.mark_posted(incidents, [alert.key for alert in batch], _now())
    return len(new)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
