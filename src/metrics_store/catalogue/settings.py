"""The settings of the catalogue: `docs/metrics.yml`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class CatalogueSettings:
    """What stands above the metrics, and where their examples end.

    Attributes:
        introduction: Words above the metrics; where the answers come from.
        end_time: The last day of the newest periods; none for whatever is newest.
    """

    introduction: str = ""
    end_time: dt.datetime | None = None


def read_settings(path: Path) -> CatalogueSettings:
    """Read a project's settings; without the file there are none.

    Raises:
        MetricsStoreError: The file is of another form.
    """
    if not path.is_file():
        return CatalogueSettings()
    try:
        read: Any = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise MetricsStoreError(f"{path.name} is not YAML", where=str(error)) from None
    end = read.get("end_time") if isinstance(read, dict) else None
    if (
        not isinstance(read, dict)
        or set(read) - {"introduction", "end_time"}
        or not isinstance(read.get("introduction", ""), str)
        or not isinstance(end, dt.date | None)
    ):
        raise MetricsStoreError(
            "the settings of the catalogue cannot be understood",
            where=str(path),
            expected="introduction: words, and end_time: a day such as 2024-12-31",
        )
    return CatalogueSettings(
        read.get("introduction", "").strip(),
        dt.datetime(end.year, end.month, end.day) if end else None,  # noqa: DTZ001 - days are UTC's
    )
