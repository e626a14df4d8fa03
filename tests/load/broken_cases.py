"""Ways to break the good files of the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# What the messages say was expected.
WHOLE = "a whole number"
STAMP = "a timestamp such as 2024-07-24 06:47:10"
DAY = "a date such as 2024-07-24"


@dataclass(frozen=True)
class Case:
    """One way to break the good files.

    Attributes:
        name: What is broken.
        break_files: Breaks a directory of good files.
        says: What the message must contain.
    """

    name: str
    break_files: Callable[[Path], None]
    says: tuple[str, ...]


def edit(old: str, new: str, file: str = "book.csv") -> Callable[[Path], None]:
    """Replace a piece of a file's text."""

    def apply(directory: Path) -> None:
        path = directory / file
        before = path.read_bytes()
        assert old.encode() in before
        path.write_bytes(before.replace(old.encode(), new.encode(), 1))

    return apply


def put(content: bytes, file: str = "book.csv") -> Callable[[Path], None]:
    """Replace a file's whole content."""
    return lambda directory: (directory / file).write_bytes(content) and None


def recode(change: Callable[[bytes], bytes], file: str = "book.csv") -> Callable[[Path], None]:
    """Pass a file's bytes through a function."""

    def apply(directory: Path) -> None:
        path = directory / file
        path.write_bytes(change(path.read_bytes()))

    return apply
