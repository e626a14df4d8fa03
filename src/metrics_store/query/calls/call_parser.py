"""Parses the text of a call into a syntax tree: an allow-list of tokens, nothing evaluated."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from metrics_store.query.calls.call_finder import rejected_at
from metrics_store.query.python_parser import parse_expression

if TYPE_CHECKING:
    import ast

_MOST_TOKENS = 5_000
_MOST_DIGITS = 18
_DEEPEST = 10
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    | (?P<word>[a-zA-Z_][a-zA-Z0-9_]*+)
    | (?P<number>-?[0-9]++)
    | (?P<text>"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+')
    | (?P<mark>[()\[\],.=])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r'\\(?P<escaped>.)|"', re.DOTALL)
_CONSTANTS = {"true": "True", "false": "False", "none": "None"}
_EXPECTED = "such as semantic_layer.query(metrics=['revenue'], group_by=['metric_time__month'])"


def parse_syntax(call: str, statement: str, start: int) -> ast.expr:
    """Give the tree of a call.

    Args:
        call: Its text.
        statement: The text it stands in, to tell the place of what is wrong.
        start: Where in the statement it begins.

    Raises:
        MetricsStoreError: It has characters that calls do not have, or cannot be understood.
    """
    tokens = _tokens(call, statement, start)
    try:
        return parse_expression(" ".join(tokens))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise rejected_at("the call cannot be understood", statement, start, _EXPECTED) from None


def _tokens(call: str, statement: str, start: int) -> list[str]:
    tokens: list[str] = []
    kinds: list[str] = []
    position = depth = 0
    while position < len(call):
        match = _TOKEN.match(call, position)
        place = start + position
        if match is None:
            closed = call[position] not in "\"'"
            what = "a call does not have such a character" if closed else "a text is not closed"
            raise rejected_at(what, statement, place, _EXPECTED)
        position = match.end()
        kind = str(match.lastgroup)
        if kind == "space":
            continue
        depth += (match[0] in "([") - (match[0] in ")]")
        if depth > _DEEPEST or len(tokens) > _MOST_TOKENS:
            raise rejected_at("a call is nested too deeply or too long", statement, place)
        if kind == "number" and len(match[0]) > _MOST_DIGITS:
            raise rejected_at("a number has too many digits", statement, place)
        if kind == "text" and kinds and kinds[-1] in ("text", "word"):
            # Python would join two texts, and read a word before a text as a kind of text.
            raise rejected_at("a comma is missing before a text", statement, place)
        tokens.append(_plain(match, statement, place))
        kinds.append(kind)
    for before, after in pairwise(kinds):
        if before == after == "number":
            raise rejected_at("a comma is missing before a number", statement, start)
    return tokens


def _plain(match: re.Match[str], statement: str, place: int) -> str:
    """Write a token as Python does."""
    if match["word"]:
        return _CONSTANTS.get(match[0], match[0])
    if match["text"]:
        return repr(_text(match[0], statement, place))
    return match[0]


def _text(quoted: str, statement: str, place: int) -> str:
    """Read a text with the escapes of JSON; in single quotes too, and over several lines."""

    def escape(found: re.Match[str]) -> str:
        if found["escaped"] is None:
            return '\\"'
        return "'" if found["escaped"] == "'" else found[0]

    try:
        text = str(json.loads(f'"{_ESCAPE.sub(escape, quoted[1:-1])}"', strict=False))
        text.encode()
    except ValueError:
        what = "a text has an escape that texts do not have"
        raise rejected_at(what, statement, place, r"\\ \" \' \n \t \u00e9") from None
    return text
