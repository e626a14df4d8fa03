"""Parses the text of a filter, as the dbt Semantic Layer writes it, into a tree."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

from metrics_store.query.filters.filter_errors import rejected, rejected_at
from metrics_store.query.filters.filter_tree import Filter, all_of, any_of, negated
from metrics_store.query.filters.parser.filter_text import FilterText
from metrics_store.query.filters.parser.name_mask import mask_names
from metrics_store.query.filters.parser.predicate_parser import read_predicate

if TYPE_CHECKING:
    from metrics_store.errors import MetricsStoreError

_LONGEST = 10_000
_DEEPEST = 40
_OPENERS = (TokenType.L_PAREN, TokenType.NOT, TokenType.DASH)


def parse_filter(text: str) -> Filter:
    """Parse the text of a filter.

    Names stand in braces, as in `{{ Dimension('owner__team') }} = 'EMEA'`, or plain, as in
    `owner__team = 'EMEA'`.

    Raises:
        MetricsStoreError: The text says something that filters cannot, with the reason and the
            place.
    """
    if len(text) > _LONGEST:
        raise rejected(
            f"a filter of {len(text)} characters is too long", expected=f"at most {_LONGEST}"
        )
    masked, names = mask_names(text)
    _check_depth(masked, text)
    try:
        trees = sqlglot.parse(masked)
    except (SqlglotError, RecursionError) as error:
        raise _not_understood(error, text) from None
    if len(trees) != 1 or trees[0] is None:
        raise rejected(
            "a filter has no condition",
            text or "an empty text",
            expected="such as owner__team = 'EMEA'",
        )
    return _filter(trees[0], FilterText(text, names))


def parse_filters(texts: list[str] | tuple[str, ...]) -> Filter | None:
    """Parse several texts that must all hold; none for no text."""
    parts = tuple(parse_filter(text) for text in texts)
    if not parts:
        return None
    return all_of(parts)


def _check_depth(masked: str, text: str) -> None:
    """Reject what would take the parser too deep, before it parses."""
    try:
        tokens = sqlglot.tokenize(masked)
    except SqlglotError as error:
        raise _not_understood(error, text) from None
    depth = run = 0
    for token in tokens:
        depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
        run = run + 1 if token.token_type in _OPENERS else 0
        if max(depth, run) > _DEEPEST:
            raise rejected_at(
                "a filter is nested too deeply", text, token.start, expected=f"at most {_DEEPEST}"
            )
        if token.comments:
            raise rejected_at("a filter has no comments", text, token.start)
    for before, after in pairwise(tokens):
        # SQL joins neighbouring texts to one, which is never what is meant.
        if before.token_type is after.token_type is TokenType.STRING:
            raise rejected_at("two texts stand side by side", text, after.start)


def _not_understood(error: Exception, text: str) -> MetricsStoreError:
    found = getattr(error, "errors", None)
    what = "the filter cannot be understood"
    if not found or not found[0].get("col"):
        return rejected(what, text)
    # The column is that of the last character of the word, in its line.
    line, column = found[0]["line"], found[0]["col"]
    before = sum(len(part) for part in text.splitlines(keepends=True)[: line - 1])
    word = re.search(r"\S*$", text[: before + column])
    start = word.start() if word else 0
    return rejected_at(what, text, start, expected="such as owner__team = 'EMEA' and ...")


def _filter(node: exp.Expr, source: FilterText) -> Filter:
    if isinstance(node, exp.And | exp.Or):
        source.check_arguments(node, "this", "expression")
        parts = tuple(_filter(part, source) for part in node.flatten())
        return all_of(parts) if isinstance(node, exp.And) else any_of(parts)
    if isinstance(node, exp.Not | exp.Paren):
        source.check_arguments(node, "this")
        part = _filter(node.this, source)
        return negated(part) if isinstance(node, exp.Not) else part
    return read_predicate(node, source)
