"""Opens files as bytes and as text, compressed ones included."""

from __future__ import annotations

import gzip
import io
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GZIP = b"\x1f\x8b"


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a file's content; what begins as a gzip archive does is unpacked while it is read.

    Raises:
        OSError: The file cannot be read. Reading a broken archive raises `EOFError` or `zlib.error`
            as well.
    """
    with path.open("rb") as file:
        is_packed = file.read(len(_GZIP)) == _GZIP
        file.seek(0)
        if not is_packed:
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield cast("BinaryIO", unpacked)


@contextmanager
def open_text(path: Path, encoding: str) -> Iterator[TextIO]:
    """Open a file's text with its line ends as they are."""
    with open_bytes(path) as content:
        # A wrapper closes what it wraps, which the context around it does already.
        text = io.TextIOWrapper(content, encoding=encoding, newline="")
        try:
            yield text
        finally:
            text.detach()
