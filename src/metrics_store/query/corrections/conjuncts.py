"""Splits the text of a condition at the ANDs that join the whole of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import TokenType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlglot.tokenizer_core import Token

_OPENING = {TokenType.L_PAREN, TokenType.CASE}
_CLOSING = {TokenType.R_PAREN, TokenType.END}


def conjuncts(condition: str) -> Iterator[tuple[str, set[str]]]:
    """Give the parts of a condition that all have to hold, each with its words in lower case.

    Words are all but texts in quotes: names of columns, quoted or not, keywords and marks. The
    parts are cut out of the condition and not written anew, so that they say what they said.
    """
    try:
        tokens = sqlglot.tokenize(condition)
    except TokenError:
        yield condition, set(condition.lower().replace('"', " ").replace("`", " ").split())
        return
    for run in _cut(tokens):
        text = condition[run[0].start : run[-1].end + 1]
        yield (
            f"({text})",
            {one.text.lower() for one in run if one.token_type is not TokenType.STRING},
        )


def _cut(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    while _is_enclosed(tokens):
        tokens = tokens[1:-1]
    depth = start = open_ranges = 0
    cuts = []
    for place, token in enumerate(tokens):
        kind = token.token_type
        depth += (kind in _OPENING) - (kind in _CLOSING)
        if depth:
            continue
        if kind is TokenType.OR:
            yield tokens
            return
        open_ranges += kind is TokenType.BETWEEN
        if kind is TokenType.AND and open_ranges:
            open_ranges -= 1
        elif kind is TokenType.AND:
            cuts.append(place)
    if not cuts:
        yield tokens
        return
    for end in [*cuts, len(tokens)]:
        yield from _cut(tokens[start:end])
        start = end + 1


def _is_enclosed(tokens: Sequence[Token]) -> bool:
    if not tokens or tokens[0].token_type is not TokenType.L_PAREN:
        return False
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
        if not depth:
            return place == len(tokens) - 1
    return False
