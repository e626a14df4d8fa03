"""The deprecation of a metric, out of its `config.meta.deprecated`."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY = "deprecated"
_VERSION = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
# A warning goes along with every answer.
_LONGEST_REASON = 300


@dataclass(frozen=True)
class Deprecation:
    """What is known of a deprecated metric's end.

    Attributes:
        since: The metric's version that was the first deprecated one.
        sunset: The last day on which it is sure to be there.
        replacement: The metric to ask for in its place.
        reason: Why, in words.
    """

    since: str | None = None
    sunset: dt.date | None = None
    replacement: str | None = None
    reason: str | None = None

    def is_over(self, today: dt.date) -> bool:
        """Whether its last day has gone by."""
        return self.sunset is not None and today > self.sunset

    def words(self, today: dt.date) -> str:
        """Say in one line what whoever requests the metric must know."""
        text = "deprecated"
        if self.since:
            text += f" since its version {self.since}"
        if self.is_over(today):
            text += f" and past its sunset, {self.sunset}: it may be gone with any build"
        elif self.sunset:
            text += f" and there until {self.sunset}"
        if self.replacement:
            text += f"; ask for {self.replacement} instead"
        if self.reason:
            text += f" ({self.reason})"
        return text


def is_deprecated(meta: Mapping[str, Any]) -> bool:
    """Whether a metric's `config.meta` calls it deprecated, in whatever form."""
    return meta.get(KEY, False) is not False


def read_deprecation(meta: Mapping[str, Any]) -> Deprecation | None:
    """Give what a metric's `config.meta` says of its end; none where it is not deprecated.

    What cannot be understood is left out: who asks for the metric is answered all the same.
    """
    if not is_deprecated(meta):
        return None
    given = meta[KEY]
    if not isinstance(given, dict):
        return Deprecation()
    replacement = given.get("replacement")
    return Deprecation(
        since=version_of(given.get("since")),
        sunset=day_of(given.get("sunset")),
        replacement=replacement if isinstance(replacement, str) else None,
        reason=_line(reason) if isinstance(reason := given.get("reason"), str) else None,
    )


def read_deprecations(metas: Mapping[str, Mapping[str, Any]]) -> dict[str, Deprecation]:
    """Give the deprecated ones of all metrics by name; a replacement that is none is left out.

    Args:
        metas: Metric -> its `config.meta`.
    """
    found = {name: read_deprecation(meta) for name, meta in metas.items()}
    return {
        name: one if one.replacement in metas else dataclasses.replace(one, replacement=None)
        for name, one in found.items()
        if one is not None
    }


def version_of(given: object) -> str | None:
    """Give the version that is meant, such as `1.2.0`; none where it is none."""
    return given if isinstance(given, str) and _VERSION.fullmatch(given) else None


def day_of(given: object) -> dt.date | None:
    """Give the day that is meant; none where it is no day."""
    if isinstance(given, dt.datetime):
        return None
    if isinstance(given, dt.date):
        return given
    try:
        # dbt writes days as texts.
        return dt.datetime.strptime(given, "%Y-%m-%d").date()  # type: ignore[arg-type]  # noqa: DTZ007
    except (TypeError, ValueError):
        return None


def _line(text: str) -> str | None:
    words = " ".join(text.split())
    cut = words if len(words) <= _LONGEST_REASON else words[:_LONGEST_REASON] + "..."
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in cut) or None
