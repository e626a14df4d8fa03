"""Errors that a user can understand: what is wrong, where, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping

# What is wrong may be told in the caller's own words, who may have had many.
_LONGEST_PART = 1_000


class MetricsStoreError(Exception):
    """Something the user can understand and mend.

    Args:
        what: What is wrong, in one sentence.
        where: The file, row, column, setting or target it is about.
        expected: What would have been right.
        remedy: What to do now, as a command where there is one.
        detail: Words for whoever runs the store, such as a warehouse's own message: no interface
            shows them to a caller who is somewhere else.
    """

    code: ClassVar[str] = "invalid_request"

    def __init__(
        self, what: str, *, where: str = "", expected: str = "", remedy: str = "", detail: str = ""
    ) -> None:
        self.what = what
        self.where = where
        self.expected = expected
        self.remedy = remedy
        self.detail = detail
        super().__init__(what)

    def __str__(self) -> str:
        """Give the whole message, a line a part; parts that are not known are left out."""
        return _lines(
            self.what,
            {
                "where": self.where,
                "in detail": self.detail,
                "expected": self.expected,
                "what to do": self.remedy,
            },
        )

    def public(self) -> str:
        """Give the message for a caller who is somewhere else, without what only we may know."""
        parts = self.public_parts()
        labels = {"where": "where", "expected": "expected", "remedy": "what to do"}
        return _lines(parts["what"], {labels[name]: parts.get(name, "") for name in labels})

    def public_parts(self) -> dict[str, str]:
        """Give the parts of the public message by name, without those that are not known."""
        parts = {
            "what": self.what,
            "where": self.where,
            "expected": self.expected,
            "remedy": self.remedy,
        }
        return {name: _printable(text, _LONGEST_PART) for name, text in parts.items() if text}


def _lines(what: str, parts: Mapping[str, str]) -> str:
    lines = [what, *(f"  {label}: {text}" for label, text in parts.items() if text)]
    return _printable("\n".join(lines))


def _printable(text: str, longest: int | None = None) -> str:
    """Write what would do something to a terminal, such as an escape, by its number."""
    if longest is not None and len(text) > longest:
        text = text[:longest] + "..."
    if text.replace("\n", "").isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign == "\n" else ascii(sign)[1:-1] for sign in text
    )


class NotAuthenticatedError(MetricsStoreError):
    """Nobody knows who is asking."""

    code = "not_authenticated"


class NotAllowedError(MetricsStoreError):
    """It is known who is asking, and they may not."""

    code = "not_allowed"


class NotFoundError(MetricsStoreError):
    """What is asked for does not exist."""

    code = "not_found"


class LimitExceededError(MetricsStoreError):
    """The question takes too long, gives too many rows or needs too much memory."""

    code = "limit_exceeded"


class CancelledError(MetricsStoreError):
    """Whoever asked does not wait any more."""

    code = "cancelled"


class UnavailableError(MetricsStoreError):
    """The store cannot answer now: no warehouse, no definitions, or no room.

    What it says of files and hosts is for whoever runs the store.
    """

    code = "unavailable"

    def public(self) -> str:
        """Give what is wrong, without saying where on the server."""
        return self.what

    def public_parts(self) -> dict[str, str]:
        """Give what is wrong, without saying where on the server."""
        return {"what": self.what}


class ClosedError(UnavailableError):
    """Something was asked of a connection that its owner had closed."""

    def __init__(self) -> None:
        super().__init__("the connection to the metrics is closed", remedy="connect anew")
