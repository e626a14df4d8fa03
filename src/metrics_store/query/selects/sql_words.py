"""The words of a text in PostgreSQL's SQL, read as PostgreSQL reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from metrics_store.query.selects.select_errors import inexpressible

_WORD = re.compile(
    r"""
      (?P<space>\s+|--[^\n]*)
    | (?P<text>[eE]'(?:[^'\\]|\\.|'')*'|(?:[uU]&|[bBxXnN])?'(?:[^']|'')*')
    | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")*")
    | (?P<dollar>\$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$)
    | (?P<word>[^\W\d][\w$]*|\d[\w.]*|\$\d+)
    | (?P<comment>/\*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_ENDS = re.compile(r"/\*|\*/")


@dataclass(frozen=True)
class Word:
    """One word, sign or text.

    Attributes:
        text: The word, in small letters unless it is quoted.
        start: Where it begins.
        end: Where it ends.
        is_bare: Whether it is neither a text nor in quotes.
    """

    text: str
    start: int
    end: int
    is_bare: bool


def read_words(text: str) -> list[Word]:
    """Give the words of a text, without comments.

    Raises:
        MetricsStoreError: A text, a name in quotes or a comment has no end.
    """
    found, at = [], 0
    while at < len(text):
        match = _WORD.match(text, at)
        assert match is not None  # noqa: S101 - any sign is one
        end = match.end()
        if match["comment"]:
            end = _comment_end(text, at)
        elif match["sign"] in ("'", '"'):
            raise inexpressible("a text or a name has no end", text[at:])
        elif not match["space"]:
            is_bare = bool(match["word"] or match["sign"])
            word = match[0].lower() if is_bare else match[0]
            found.append(Word(word, at, end, is_bare))
        at = end
    return found


def _comment_end(text: str, start: int) -> int:
    depth = 0
    for match in _COMMENT_ENDS.finditer(text, start):
        depth += 1 if match[0] == "/*" else -1
        if depth == 0:
            return match.end()
    raise inexpressible("a comment has no end", text[start:])
