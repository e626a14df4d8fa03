"""What no content of a document may be, whatever it says."""

from __future__ import annotations

MOST_DEPTH = 40


def content_problem(content: object, left: int = MOST_DEPTH) -> str:
    """Say what is wrong with content of JSON or YAML; empty where nothing is."""
    if left == 0:
        return f"it is nested deeper than {MOST_DEPTH} levels"
    if isinstance(content, str):
        return _text_problem(content)
    within: list[object] = []
    if isinstance(content, dict):
        within = [*content, *content.values()]
    elif isinstance(content, list):
        within = content
    return next(filter(None, (content_problem(each, left - 1) for each in within)), "")


def _text_problem(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "it has half of a character"
    return ""
