"""The open incidents: since when they are open, and which were posted."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from metrics_store.alerts.alert_reader import Alert
    from metrics_store.project.profile import Target

Key = tuple[str, str]


@dataclass(frozen=True)
class Incident:
    """An alert about a subject, from when it was first seen until it is gone.

    Attributes:
        alert: The alert's name.
        subject: What it is about.
        first_seen: When it was first seen, UTC.
        posted_at: When it was posted, UTC; none while it was not.
    """

    alert: str
    subject: str
    first_seen: str
    posted_at: str | None = None


def default_file(target: Target) -> Path:
    """Give the file of a target's incidents: beside a DuckDB file, else in the project."""
    if target.adapter_type == "duckdb":
        return target.duckdb_path.with_name(f"{target.duckdb_path.name}.incidents.json")
    return target.project_directory / "incidents" / f"{target.name}.json"


@dataclass(frozen=True)
class IncidentFile:
    """The open incidents, kept from one run to the next.

    They are no part of the warehouse, which only a build may write to. Without the file,
    open incidents are posted once more.

    Attributes:
        path: The file; made where it is missing.
        patience: How long to wait, in seconds, for another run that posts.
    """

    path: Path
    patience: float = 60.0

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other runs out for as long as the `with` block runs, so that none posts twice.

        Raises:
            MetricsStoreError: Another run has it for longer than the patience, or the directory
                cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.path.with_name(f"{self.path.name}.lock"))
            lock.acquire(timeout=self.patience)
        except Timeout:
            raise MetricsStoreError(
                f"another run is posting alerts (waited {self.patience:.0f} s)",
                where=str(self.path),
                remedy="wait until it is done and run this again",
            ) from None
        except OSError as error:
            raise self._unwritable(error) from error
        try:
            yield
        finally:
            lock.release()

    def update(self, alerts: Iterable[Alert], now: str) -> dict[Key, Incident]:
        """Take over what is open now: what is gone is forgotten, what is new begins."""
        known = self._read()
        incidents = {
            alert.key: known.get(alert.key) or Incident(alert.alert, alert.subject, now)
            for alert in alerts
        }
        self._write(incidents)
        return incidents

    def mark_posted(self, incidents: dict[Key, Incident], keys: Iterable[Key], now: str) -> None:
        """Remember that these incidents were posted."""
        for key in keys:
            incidents[key] = replace(incidents[key], posted_at=now)
        self._write(incidents)

    def _read(self) -> dict[Key, Incident]:
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            incidents = [Incident(**entry) for entry in content["incidents"]]
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise MetricsStoreError(
                "the file of the incidents cannot be read",
                where=str(self.path),
                remedy="mend it or remove it; then all open alerts are posted again",
            ) from error
        return {(incident.alert, incident.subject): incident for incident in incidents}

    def _write(self, incidents: dict[Key, Incident]) -> None:
        content = {"incidents": [asdict(incident) for incident in incidents.values()]}
        temporary = self.path.with_name(f"{self.path.name}.new")
        try:
            temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
            temporary.replace(self.path)
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> MetricsStoreError:
        return MetricsStoreError(
            f"the file of the incidents cannot be written: {error.strerror or error}",
            where=str(self.path),
            remedy="name another file with --incidents",
        )
