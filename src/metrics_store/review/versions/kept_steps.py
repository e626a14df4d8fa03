"""Steps of a history that were compared before, by the states that they lie between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.project.kept_result import kept_result, key_of
from metrics_store.project.program_digest import program_digest
from metrics_store.review.directory_cache import DirectoryCache, default_directory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class KeptSteps:
    """What changed from one state of the definitions to another, as this program tells it.

    Args:
        dialect: The dialect of the models' SQL.
    """

    def __init__(self, dialect: str) -> None:
        cache = DirectoryCache(default_directory() / "steps", most=4, most_bytes=1024**3)
        self._directory = cache.find_or_make(key_of(program_digest(), dialect))

    def has(self, before: str, after: str) -> bool:
        """Whether a step is kept."""
        return self._file(before, after).exists()

    def step(
        self, before: str, after: str, compare: Callable[[], list[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        """Give the changes of a step, as they are kept or by comparing.

        Args:
            before: The key of the state before; empty for nothing.
            after: The key of the state after.
            compare: Compares the two states.
        """
        found: list[dict[str, Any]] = kept_result(
            self._file(before, after), key_of(before, after), compare
        )
        return found

    def _file(self, before: str, after: str) -> Path:
        return self._directory / f"{key_of(before, after)}.json"
