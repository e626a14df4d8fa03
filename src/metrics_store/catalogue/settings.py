"""The settings of the catalogue: `docs/metrics.yml`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KEYS = {"introduction", "end_time", "words"}


@dataclass(frozen=True)
class CatalogueSettings:
    """What stands above the metrics, where their examples end, and what facts mean.

    Attributes:
        introduction: Words above the metrics in the Markdown file; where its answers come from.
        end_time: The last day of the newest periods; none for whatever is newest. Charts end
            with the reference date, where the definitions declare one.
        words: What the values of metrics' `config.meta` mean here, by their keys, such as
            `owner`, `tier` and `source`.
    """

    introduction: str = ""
    end_time: dt.datetime | None = None
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


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
        or set(read) - _KEYS
        or not isinstance(read.get("introduction", ""), str)
        or not isinstance(end, dt.date | None)
        or not _are_words(read.get("words", {}))
    ):
        raise MetricsStoreError(
            "the settings of the catalogue cannot be understood",
            where=str(path),
            expected="introduction: words, end_time: a day such as 2024-12-31, and words: "
            "{owner: {team: what it is}}",
        )
    return CatalogueSettings(
        read.get("introduction", "").strip(),
        dt.datetime(end.year, end.month, end.day) if end else None,  # noqa: DTZ001 - days are UTC's
        read.get("words", {}),
    )


def _are_words(given: object) -> bool:
    return isinstance(given, dict) and all(
        isinstance(meanings, dict)
        and all(isinstance(text, str) for pair in meanings.items() for text in pair)
        for meanings in given.values()
    )
