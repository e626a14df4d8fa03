"""Problems in files, and the error that reports them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MOST_LISTED = 10
# Of one kind of trouble in one column, this many places are kept for the message.
MOST_EXAMPLES = 3
_LONGEST_VALUE = 60


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a file from being loaded.

    Attributes:
        file: The file's name, or the table's where there is no file.
        what: What is wrong.
        expected: What would have been right.
        row: The place in the file, such as `line 17` (CSV) or `row 16` (Parquet).
        column: The column, as the file spells it.
        more: How many further places have the same trouble and are not listed.
    """

    file: str
    what: str
    expected: str = ""
    row: str = ""
    column: str = ""
    more: int = 0

    def __str__(self) -> str:
        """Give the place, what is wrong there and what was expected, in one line."""
        place = [self.file, self.row, f"column {self.column}" if self.column else ""]
        return ", ".join(part for part in place if part) + f": {self.reason}"

    @property
    def reason(self) -> str:
        """What is wrong and what was expected, without the place."""
        return f"{self.what}; expected {self.expected}" if self.expected else self.what


def shortened(value: str) -> str:
    """Give a value for a message: quoted, without control characters, not long."""
    cut = value if len(value) <= _LONGEST_VALUE else value[:_LONGEST_VALUE] + "…"
    return repr(cut)


def _spread(problems: Sequence[Problem]) -> list[Problem]:
    """Take the first problem of each file, then the second of each: no file hides another."""
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.file, []).append(problem)
    rounds = zip_longest(*by_file.values())
    listed = [problem for one_each in rounds for problem in one_each if problem]
    return listed[: max(MOST_LISTED, len(by_file))]


def load_error(problems: Sequence[Problem], directory: Path) -> MetricsStoreError:
    """Give the error that reports all problems: about ten of them, and how many there are."""
    total = sum(1 + problem.more for problem in problems)
    shown = _spread(problems)
    files = list(dict.fromkeys(problem.file for problem in problems))
    shown.sort(key=lambda problem: files.index(problem.file))
    lines = [f"  {problem}" for problem in shown]
    if total > len(shown):
        lines.append(f"  and {total - len(shown)} more")
    count = f"{total} problem{'s' if total > 1 else ''} in {len(files)} of the files"
    return MetricsStoreError(
        "\n".join([f"nothing was loaded: {count}", *lines]),
        where=str(directory),
        remedy="mend the files and load again; every table is as it was",
    )
