"""Finds the one call of a statement, in the `select * from` that clients put around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metrics_store.query.filters.filter_errors import rejected

if TYPE_CHECKING:
    from metrics_store.errors import MetricsStoreError

_LONGEST = 100_000
_DEEPEST = 20
_BEFORE = re.compile(r"\s+|(?P<open>\()|(?P<select>select\s*\*\s*from\b)", re.IGNORECASE)
_AFTER = re.compile(
    r'\s+|(?P<close>\))|(?P<end>;)|(?:as\s+)?(?P<alias>[a-z_][a-z0-9_]*+|"[^"{}]*+")',
    re.IGNORECASE,
)
# What would change the rows if it were no alias.
_CLAUSES = frozenset(
    {"where", "limit", "order", "group", "having", "union", "join", "as", "offset", "fetch"}
)
_EXPECTED = "{{ semantic_layer.query(...) }}, alone or in `select * from ...`"


def rejected_at(what: str, text: str, start: int, expected: str = _EXPECTED) -> MetricsStoreError:
    """Give the error for a place in the text, shown from there on."""
    return rejected(what, f"character {start + 1}: {text[start:]}", expected=expected)


def find_call(text: str) -> tuple[str, int]:
    """Give what stands in the braces of a statement, and where it begins.

    Raises:
        MetricsStoreError: There is no call, or something around it that is more than a plain
            `select * from`, parentheses, an alias and a semicolon.
    """
    if len(text) > _LONGEST:
        raise rejected(f"a statement of {len(text)} characters is too long", expected=str(_LONGEST))
    start, opened, selected = _before(text)
    end = text.rfind("}}")
    if end < start:
        raise rejected_at("the braces of a call are not closed", text, start)
    _after(text, end + 2, opened, selected)
    return text[start:end], start


def _before(text: str) -> tuple[int, int, int]:
    """Give where the call begins, and how many parentheses and selects stand before it."""
    position = opened = selected = 0
    while match := _BEFORE.match(text, position):
        position = match.end()
        opened += match["open"] is not None
        selected += match["select"] is not None
        if max(opened, selected) > _DEEPEST:
            raise rejected_at("a statement is nested too deeply", text, match.start())
    if not text.startswith("{{", position):
        raise rejected_at("a statement is one call of the semantic layer", text, position)
    return position + 2, opened, selected


def _after(text: str, position: int, opened: int, selected: int) -> None:
    closed = aliases = 0
    ended = False
    while position < len(text):
        match = _AFTER.match(text, position)
        if match is None or (ended and not match[0].isspace() and not match["end"]):
            raise rejected_at("nothing may follow a call", text, position)
        if match["alias"]:
            aliases += 1
            if aliases > selected or match["alias"].lower() in _CLAUSES:
                raise rejected_at("nothing may follow a call", text, position)
        closed += match["close"] is not None
        ended = ended or match["end"] is not None
        position = match.end()
    if closed != opened:
        raise rejected_at("the parentheses around a call are not in pairs", text, 0)
