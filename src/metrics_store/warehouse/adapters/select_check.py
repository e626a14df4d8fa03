"""A check that a statement only reads, where no connection makes sure of it."""

from __future__ import annotations

from sqlglot import TokenType
from sqlglot.dialects import Dialect
from sqlglot.errors import SqlglotError

from metrics_store.errors import MetricsStoreError

_FIRST = {TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN}
_BEFORE = {TokenType.L_PAREN, TokenType.R_PAREN}
_WRITES = {
    "alter",
    "call",
    "copy",
    "create",
    "delete",
    "drop",
    "execute",
    "grant",
    "insert",
    "merge",
    "replace",
    "truncate",
    "update",
}


def check_select(sql: str, adapter_type: str) -> None:
    """Reject what is not one query.

    Args:
        sql: The statement.
        adapter_type: Whose SQL it is.

    Raises:
        MetricsStoreError: It is several statements, or may write something.
    """
    # Engines that it does not know write texts and comments as most do.
    known = adapter_type if adapter_type in Dialect.classes else ""
    try:
        tokens = Dialect.get_or_raise(known).tokenize(sql)
    except SqlglotError:
        tokens = []
    is_query = bool(tokens) and tokens[0].token_type in _FIRST
    # A word that writes stands at the beginning of a statement or of an enclosed one.
    writes = any(
        before.token_type in _BEFORE
        and token.text.lower() in _WRITES
        and after.token_type is not TokenType.L_PAREN
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )
    several = any(token.token_type is TokenType.SEMICOLON for token in tokens)
    if writes or several or not is_query:
        raise MetricsStoreError("the warehouse is asked for something other than rows")
