"""Looks through a file before it is read: whether it is CSV text, and in which encoding."""

from __future__ import annotations

import codecs
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.load.load_options import ENCODINGS
from metrics_store.load.load_problems import Problem
from metrics_store.load.readers.byte_streams import open_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.load.source_files import SourceFile

_CHUNK_BYTES = 1 << 20
_HEAD_BYTES = 256

_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# How other formats begin. UTF-32's mark begins with UTF-16's, so it comes first.
_SIGNATURES = [
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK\x03\x04", "a zip archive or an Excel workbook"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\x28\xb5\x2f\xfd", "a zstandard archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xff\xfe\x00\x00", "text in UTF-32"),
    *((mark, "text in UTF-16") for mark in _UTF16_MARKS),
]
_TEXT_STARTS = [(b"<", "HTML or XML"), (b"{", "JSON"), (b"[", "JSON")]

EXPECTED = "CSV text in UTF-8: a header, fields separated by commas, semicolons or tabs"


@dataclass(frozen=True)
class CsvContent:
    """What a look through a file has found.

    Attributes:
        encoding: Python's name of its encoding.
        ends_with_line_end: Whether its last line is complete.
    """

    encoding: str
    ends_with_line_end: bool


def foreign_format(head: bytes) -> str:
    """Name the other format that a file's first bytes give away; empty where there is none."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    return next((name for start, name in _TEXT_STARTS if text.startswith(start)), "")


def _read_through(path: Path, name: str, encoding: str) -> CsvContent | Problem:
    """Read the whole file once and give the first reason why it is no text in an encoding."""
    word = "Windows-1252" if encoding == "cp1252" else encoding.removesuffix("-sig").upper()
    decoder = codecs.getincrementaldecoder(encoding)()
    expected = f"text in {word}"
    lines, last = 0, ""
    with open_bytes(path) as file:
        while chunk := file.read(_CHUNK_BYTES):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                text = error.object[: error.start].decode(encoding, errors="ignore")
                wrong = f"the byte 0x{error.object[error.start]:02x} is not {word}"
            else:
                wrong = ""
            if (position := text.find("\0")) >= 0:
                text, wrong = text[:position], "there is a NUL byte, which no text holds"
                expected = "text without NUL bytes"
            if wrong:
                line = f"line {lines + text.count(chr(10)) + 1}"
                return Problem(name, wrong, expected=expected, row=line)
            lines += text.count("\n")
            last = text[-1:] or last
    if decoder.getstate()[0]:
        what = "the file is cut off in the middle of a character"
        return Problem(name, what, expected=expected, row=f"line {lines + 1}")
    return CsvContent(encoding, last in ("\r", "\n"))


def _codec(encoding: str, head: bytes) -> str:
    """Give Python's name of an encoding; UTF-16 without a mark begins with its header's letters."""
    if encoding == "utf-16" and not head.startswith(_UTF16_MARKS):
        return "utf-16-be" if head.startswith(b"\0") else "utf-16-le"
    return ENCODINGS[encoding]


def _content(file: SourceFile) -> CsvContent | Problem:
    chosen = file.mapping.formats.encoding
    with open_bytes(file.path) as opened:
        head = opened.read(_HEAD_BYTES)
    is_utf16 = head.startswith(_UTF16_MARKS) and foreign_format(head) == "text in UTF-16"
    if is_utf16 and chosen != "utf-16":
        expected = f"{EXPECTED}; --encoding utf-16 reads it"
        return Problem(file.name, "this is text in UTF-16, not CSV in UTF-8", expected=expected)
    foreign = "" if is_utf16 else foreign_format(head)
    if foreign:
        return Problem(file.name, f"this is {foreign}, not CSV", expected=EXPECTED)
    found = _read_through(file.path, file.name, ENCODINGS["utf-8"])
    if isinstance(found, Problem) and chosen != "utf-8":
        # What is UTF-8 throughout is nothing else, whatever the other files are in.
        found = _read_through(file.path, file.name, _codec(chosen, head))
    elif isinstance(found, Problem) and "not UTF-8" in found.what:
        expected = "text in UTF-8; --encoding latin-1 reads what Windows or Excel wrote"
        return Problem(found.file, found.what, expected=expected, row=found.row)
    return found


def look_through(file: SourceFile) -> CsvContent | Problem:
    """Read the whole file once and tell its encoding, or the first reason why it is no text.

    Raises:
        OSError: The file cannot be read.
    """
    try:
        return _content(file)
    except (EOFError, zlib.error) as error:
        what = f"the gzip archive is cut off or damaged: {error}"
        return Problem(file.name, what, expected="a complete gzip archive")
