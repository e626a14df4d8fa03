"""The right rows of a request, by its name."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from corpus.answers import Rows, plain

if TYPE_CHECKING:
    from corpus.corpus_requests import Asked


def right_rows(asked: Asked, columns: tuple[str, ...]) -> Rows:
    """Work out the rows of a request, in any order, under columns of these names."""
    file, name = asked.name.split(".")
    rows = getattr(importlib.import_module(f"corpus.right.{file}"), name)()
    assert all(len(row) == len(columns) for row in rows)
    return Rows(columns, [tuple(map(plain, row)) for row in rows])
