"""The formats of a report."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.review.report.page_templates import as_html, as_markdown
from metrics_store.review.report.terminal_report import as_terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _for_this_terminal(document: dict[str, Any]) -> str:
    width = shutil.get_terminal_size((100, 24)).columns
    return as_terminal(document, width, colour=sys.stdout.isatty())


FORMS: dict[str, Callable[[dict[str, Any]], str]] = {
    "terminal": _for_this_terminal,
    "markdown": as_markdown,
    "json": _as_json,
    "html": as_html,
}


_FORM_OF = {".md": "markdown", ".json": "json", ".html": "html"}


def form_of(path: Path) -> str:
    """Give the form that the ending of a report's name says.

    Raises:
        MetricsStoreError: It says none.
    """
    form = _FORM_OF.get(path.suffix.lower())
    if form is None:
        raise MetricsStoreError(
            "the report's form is not known",
            where=str(path),
            expected="a name that ends with " + ", ".join(_FORM_OF),
        )
    return form


def write_report(document: dict[str, Any], path: Path) -> None:
    """Write a review to a file, in the form that its ending says.

    Raises:
        MetricsStoreError: The ending says none, or the file cannot be written.
    """
    form = form_of(path)
    try:
        path.write_text(FORMS[form](document), encoding="utf-8")
    except OSError as error:
        raise MetricsStoreError(
            f"the report cannot be written: {error.strerror}", where=str(path)
        ) from None


def render(document: dict[str, Any], form: str) -> str:
    """Write a review in one of the forms."""
    return FORMS[form](document)
