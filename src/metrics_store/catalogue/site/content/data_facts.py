"""Which data the values of the site come from: the build, and what was loaded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNS = 8


@dataclass(frozen=True)
class DataFacts:
    """Which data the values come from.

    Attributes:
        built_at: When the definitions were built, such as `2024-12-31 08:15 UTC`; empty where that
            is not known.
        version: How the state of data and definitions is called in answers, shortened.
        origins: Where the loaded rows come from, as the loaded files say, such as that they are
            made up.
    """

    built_at: str = ""
    version: str = ""
    origins: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, manifest: Mapping[str, Any], version: str, comments: Mapping[tuple[str, str], str]
    ) -> DataFacts:
        """Read what dbt's manifest and the warehouse say.

        Args:
            manifest: dbt's manifest of what is live.
            version: The version of the data in answers.
            comments: Schema and name of a table -> what is said of it. Loaded tables say where
                their rows come from, where the files that were loaded do.
        """
        sources = {(one["schema"], one["identifier"]) for one in manifest["sources"].values()}
        said = {text for table, text in comments.items() if table in sources}
        return cls(
            _moment(manifest["metadata"].get("generated_at")),
            version[:_SIGNS],
            tuple(sorted(said)),
        )


def _moment(text: object) -> str:
    try:
        moment = dt.datetime.fromisoformat(str(text))
    except ValueError:
        return ""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
