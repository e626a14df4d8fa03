"""CSV files that are broken as files: their format, their text, their header, their rows."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from load.broken_cases import Case, edit, put, recode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER = b"Id,Title,Price,Pages,Lent,AddedAt,Printed,Tags,Rating,Genre,Shelf__c\n"


def zipped(directory: Path) -> None:
    """Put a zip archive (an Excel workbook is one) in the place of book.csv."""
    path = directory / "book.csv"
    content = path.read_bytes()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("book.csv", content)


def both_formats(directory: Path) -> None:
    """Add a Parquet file beside the CSV file."""
    pq.write_table(pa.table({"id": [1]}), directory / "BOOK.parquet")


def instead(make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Put something else in the place of book.csv."""

    def apply(directory: Path) -> None:
        (directory / "book.csv").unlink()
        make(directory / "book.csv")

    return apply


CSV_CASES = [
    # The file as such.
    Case(
        "the file is missing",
        lambda directory: (directory / "book.csv").unlink(),
        ("the file of the table Book is missing", "Book.csv or Book.parquet"),
    ),
    Case(
        "only a workbook is there",
        lambda directory: (directory / "book.csv").rename(directory / "Book.xlsx") and None,
        ("the file of the table Book is missing", "Book.xlsx"),
    ),
    Case("zero bytes", put(b""), ("book.csv", "zero bytes")),
    Case("only line ends", put(b"\n\n"), ("book.csv", "no header")),
    Case("only a header", put(HEADER), ("book.csv", "no rows", "at least one row")),
    Case(
        "a directory",
        instead(lambda path: path.mkdir()),
        ("the directory book.csv has no CSV or Parquet file",),
    ),
    Case(
        "a link to nothing", instead(lambda p: p.symlink_to("gone")), ("book.csv", "link to noth")
    ),
    Case("two files", both_formats, ("BOOK.parquet and book.csv are both the table book",)),
    Case(
        "gzip cut off",
        recode(lambda content: gzip.compress(content)[:-9]),
        ("book.csv", "gzip archive is cut off", "a complete gzip archive"),
    ),
    Case("gzip twice", recode(lambda content: gzip.compress(gzip.compress(content))), ("gzip",)),
    Case("zip", zipped, ("book.csv", "zip archive or an Excel workbook")),
    Case("HTML", put(b"<!DOCTYPE html><p>Log in"), ("book.csv", "HTML")),
    Case("JSON", put(b'[{"id": 1}]'), ("book.csv", "JSON")),
    Case("Parquet named CSV", put(b"PAR1xxxxPAR1"), ("book.csv", "Parquet")),
    # Its text.
    Case(
        "UTF-16",
        recode(lambda content: content.decode().encode("utf-16")),
        ("book.csv", "UTF-16", "--encoding utf-16 reads it"),
    ),
    Case(
        "UTF-16 without a mark",
        recode(lambda content: content.decode().encode("utf-16-le")),
        ("book.csv", "line 1", "NUL byte"),
    ),
    Case(
        "Latin-1",
        recode(lambda content: content.replace("Ω".encode(), b"\xd6")),
        ("book.csv", "line 5", "0xd6 is not UTF-8", "--encoding latin-1"),
    ),
    Case(
        "cut off within a character",
        recode(lambda content: content[: content.index("Ω".encode()) + 1]),
        ("book.csv", "line 5", "cut off in the middle of a character"),
    ),
    Case(
        "a NUL byte",
        recode(lambda content: content.replace(b"poem", b"po\0em")),
        ("book.csv", "line 5", "NUL byte"),
    ),
    # Its header.
    Case("a name is blank", edit("Price,", ","), ("book.csv", "header", "column 3 has no name")),
    Case("a comma too many", edit("Shelf__c", "Shelf__c,"), ("header", "column 12 has no name")),
    Case(
        "a name twice",
        edit("Shelf__c", "Title"),
        ("book.csv", "header", "columns 2 (Title) and 11 (Title) have the same name"),
    ),
    Case(
        "two spellings of a name",
        edit("Shelf__c", "added_at"),
        ("book.csv", "columns 6 (AddedAt) and 11 (added_at) have the same name"),
    ),
    Case(
        "a line end in a name",
        edit("Shelf__c", '"Shelf\n2"'),
        ("book.csv", "header", r"'Shelf\n2'", "without line ends"),
    ),
    Case("a long name", edit("Shelf__c", "s" * 64), ("book.csv", "too long", "at most 63 bytes")),
    Case(
        "a column is missing",
        edit("Rating", "Stars"),
        ("book.csv", "header", "the column Rating is missing", "Stars"),
    ),
    Case(
        "columns are missing",
        put(b"id,title\n1,a\n"),
        ("book.csv", "8 columns are missing: price, pages, lent"),
    ),
    Case(
        "there is no header",
        recode(lambda content: content.removeprefix(HEADER)),
        ("book.csv", "header", "columns are missing", "Sea, and sky"),
    ),
    # Its parts.
    Case(
        "a part is missing",
        lambda directory: (directory / "book.csv").rename(directory / "book_2.csv") and None,
        ("of the parts 2, 1 is missing", "numbered from 1 without a gap"),
    ),
    Case(
        "a part in between is missing",
        lambda directory: (
            [(directory / f"Book {n}.csv").write_text(HEADER.decode()) for n in (1, 4)]
            and (directory / "book.csv").unlink()
        ),
        ("of the parts 1, 4, 2, 3 is missing",),
    ),
    Case(
        "a second download",
        lambda directory: shutil.copy(directory / "book.csv", directory / "book (1).csv") and None,
        ("book (1).csv may be a copy of the file", "parts named book_1.csv"),
    ),
    Case(
        "a part with other columns",
        lambda directory: (
            (directory / "book_2.csv").write_bytes(
                (directory / "book.csv").read_bytes().replace(b"Shelf__c", b"Room__c")
            )
            and None
        ),
        ("book_2.csv, header", "it lacks Shelf__c, only it has Room__c", "columns of book.csv"),
    ),
    Case(
        "a row in two parts",
        lambda directory: shutil.copy(directory / "book.csv", directory / "book_2.csv") and None,
        ("book_2.csv, line 2, column Id: '1' stands in line 2 of book.csv already",),
    ),
    Case(
        "parts in two formats",
        lambda directory: pq.write_table(pa.table({"id": [1]}), directory / "book_2.parquet"),
        ("book.csv, book_2.parquet are of two formats",),
    ),
    # Its rows.
    Case(
        "a row is too long",
        edit(",A1", ",A1,"),
        ("book.csv", "line 2", "the row has 12 fields", "11 fields"),
    ),
    Case(
        "a row is too short",
        edit(",A1", ""),
        ("book.csv", "line 2", "the row has 10 fields", "11 fields"),
    ),
    Case(
        "a short row after a quoted line end",
        edit(",poem", ""),
        ("book.csv", "line 5", "the row has 10 fields", "11 fields"),
    ),
    Case(
        "the last row is cut off",
        recode(lambda content: content[: content.index(b",poem")]),
        ("book.csv", "line 5", "cut off", "9 of 11 fields"),
    ),
    Case(
        "a quote is not closed",
        edit('lines"', "lines"),
        ("book.csv", "line 3", "never closed"),
    ),
    Case(
        "text after a closing quote",
        edit('"Sea, and sky"', '"Sea" and sky'),
        ("book.csv", "line 2", "goes on after its closing quote"),
    ),
]
