"""Checks that a file is CSV text before it is read."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from metrics_store.load.load_problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK_BYTES = 1 << 20
_HEAD_BYTES = 256

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
    (b"\xff\xfe", "text in UTF-16"),
    (b"\xfe\xff", "text in UTF-16"),
]
_TEXT_STARTS = [(b"<", "HTML or XML"), (b"{", "JSON"), (b"[", "JSON")]

EXPECTED = "CSV text in UTF-8: a header, fields separated by commas"


def foreign_format(head: bytes) -> str:
    """Name the other format that a file's first bytes give away; empty where there is none."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    return next((name for start, name in _TEXT_STARTS if text.startswith(start)), "")


def _first_bad_byte(chunk: bytes, decoder: codecs.IncrementalDecoder) -> tuple[int, str, str]:
    """Give position, trouble and what was expected; the position is -1 where all is well."""
    position = chunk.find(b"\0")
    if position >= 0:
        what = "there is a NUL byte, which no text holds"
        return position, what, "text without NUL bytes"
    pending = len(decoder.getstate()[0])
    try:
        decoder.decode(chunk)
    except UnicodeDecodeError as error:
        what = f"the byte 0x{error.object[error.start]:02x} is not UTF-8"
        return max(error.start - pending, 0), what, "text in UTF-8"
    return -1, "", ""


def content_problem(path: Path) -> Problem | None:
    """Read the whole file once and give the first reason why it is not UTF-8 text.

    Raises:
        OSError: The file cannot be read.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 0
    with path.open("rb") as file:
        foreign = foreign_format(file.read(_HEAD_BYTES))
        if foreign:
            return Problem(path.name, f"this is {foreign}, not CSV", expected=EXPECTED)
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            position, what, expected = _first_bad_byte(chunk, decoder)
            if position >= 0:
                line = lines + chunk.count(b"\n", 0, position) + 1
                return Problem(path.name, what, expected=expected, row=f"line {line}")
            lines += chunk.count(b"\n")
    if decoder.getstate()[0]:
        what = "the file is cut off in the middle of a character"
        return Problem(path.name, what, expected="text in UTF-8", row=f"line {lines + 1}")
    return None
