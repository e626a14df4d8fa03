"""The errors for filters and calls: what is wrong, and where in the text."""

from __future__ import annotations

from metrics_store.errors import MetricsStoreError

_SHOWN = 80


def rejected(
    what: str, part: str = "", *, expected: str = "", remedy: str = ""
) -> MetricsStoreError:
    """Give the error for a part of a filter; a long part is cut."""
    return MetricsStoreError(what, where=_short(part), expected=expected, remedy=remedy)


def rejected_at(what: str, text: str, start: int, *, expected: str = "") -> MetricsStoreError:
    """Give the error for a place in the text of a filter, shown from there on."""
    place = f"character {start + 1} of the filter: {_short(text[start:])}"
    return MetricsStoreError(what, where=place, expected=expected)


def _short(part: str) -> str:
    # Control characters must not reach a terminal as they are.
    shown = "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in part
    )
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "..."
