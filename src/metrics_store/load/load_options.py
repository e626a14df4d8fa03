"""How files are to be read, where they are not as most are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Encodings that files may be in which are not UTF-8, with Python's name of each. As in browsers,
# Latin-1 means Windows' superset of it: who says one has the other more often than not.
ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "latin-1": "cp1252",
    "windows-1252": "cp1252",
}
# How days may be written besides 2024-07-24.
DATES = ("iso", "us", "eu")


@dataclass(frozen=True)
class Formats:
    """How the text of a file is written.

    Attributes:
        encoding: What a file is in that is not UTF-8, one of ENCODINGS.
        dates: How days are written besides 2024-07-24: `us` as 7/24/2024, `eu` as 24.7.2024.
        decimal_comma: Numbers are written as 1.234,5 and not as 1234.5.
    """

    encoding: str = "utf-8"
    dates: str = "iso"
    decimal_comma: bool = False


PLAIN = Formats()


@dataclass(frozen=True)
class LoadOptions:
    """What a load is told besides its directory.

    Attributes:
        formats: How the files are written.
        mapping: A file that says which columns of the files are which of the contract.
        reject_to: Where rows are put that break a rule, so that the others are loaded; without,
            one such row keeps everything from being loaded.
        in_place: Parquet files are read where they lie, by views, as far as that can be.
    """

    formats: Formats = PLAIN
    mapping: Path | None = None
    reject_to: Path | None = None
    in_place: bool = False


NO_OPTIONS = LoadOptions()
