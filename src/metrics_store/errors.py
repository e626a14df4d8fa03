"""The one error that a command shows to its user: what is wrong, where, and what to do."""

from __future__ import annotations


class MetricsStoreError(Exception):
    """Something the user can understand and mend.

    Args:
        what: What is wrong, in one sentence.
        where: The file, row, column, setting or target it is about.
        expected: What would have been right.
        remedy: What to do now, as a command where there is one.
    """

    def __init__(self, what: str, *, where: str = "", expected: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.expected = expected
        self.remedy = remedy
        super().__init__(what)

    def __str__(self) -> str:
        """Give the whole message, a line a part; parts that are not known are left out."""
        parts = [
            ("where", self.where),
            ("expected", self.expected),
            ("what to do", self.remedy),
        ]
        lines = [self.what, *(f"  {label}: {text}" for label, text in parts if text)]
        return "\n".join(lines)
