"""What `config.meta.deprecated` says of a metric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Deprecation:
    """A metric that people should leave.

    Attributes:
        since: The version or the day from which on it is deprecated.
        sunset: The day on which it goes.
        replacement: The metric to ask instead.
        reason: Why, in words.
    """

    since: str = ""
    sunset: str = ""
    replacement: str = ""
    reason: str = ""


def read_deprecation(meta: Mapping[str, Any]) -> Deprecation | None:
    """Read what is said; whatever else stands there, the metric is deprecated all the same."""
    given = meta.get("deprecated")
    if not given:
        return None
    if not isinstance(given, dict):
        return Deprecation(reason="" if given is True else str(given))
    known = ("since", "sunset", "replacement", "reason")
    return Deprecation(**{name: str(given[name]) for name in known if given.get(name)})
