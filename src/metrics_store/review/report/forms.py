"""The forms that a report can have."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING, Any

from metrics_store.review.report.templates import as_html, as_markdown
from metrics_store.review.report.terminal import as_terminal

if TYPE_CHECKING:
    from collections.abc import Callable


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


def render(document: dict[str, Any], form: str) -> str:
    """Write a review in one of the forms."""
    return FORMS[form](document)
