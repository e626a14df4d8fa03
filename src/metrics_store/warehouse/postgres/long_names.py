"""Names longer than PostgreSQL allows, kept apart where it would cut them off."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict

from metrics_store.warehouse.identifiers import LONGEST_NAME

_WORD = re.compile(r'"[^"\n]*"|\w+')
_MARK_LENGTH = 8


def fit_names(sql: str) -> tuple[str, dict[str, str]]:
    """Give SQL whose names stay apart when PostgreSQL cuts them off, and their whole names.

    Only names that would become the same are changed: others may be columns of tables, which were
    cut off in the same way when these were made.

    Returns:
        The SQL, and for each name as PostgreSQL will give it the name as it was requested.
    """
    if all(len(word.encode()) < LONGEST_NAME for word in _WORD.findall(sql)):
        return sql, {}
    import sqlglot  # noqa: PLC0415 - slow, and seldom needed

    names = {sqlglot.TokenType.VAR, sqlglot.TokenType.IDENTIFIER}
    try:
        tokens = sqlglot.tokenize(sql, read="postgres")
    except sqlglot.errors.SqlglotError:
        # PostgreSQL says better what is wrong with it.
        return sql, {}
    long = [
        token
        for token in tokens
        if token.token_type in names and len(token.text.encode()) >= LONGEST_NAME
    ]
    by_cut_name = defaultdict(set)
    for token in long:
        by_cut_name[_cut(token.text)].add(token.text)
    given = {
        name: name if len(same) == 1 or name == cut else _marked(name)
        for cut, same in by_cut_name.items()
        for name in same
    }
    for token in reversed(long):
        text = sql[token.start : token.end + 1].replace(token.text, given[token.text])
        sql = sql[: token.start] + text + sql[token.end + 1 :]
    return sql, {_cut(now): name for name, now in given.items() if _cut(now) != name}


def _cut(name: str, length: int = LONGEST_NAME) -> str:
    return name.encode()[:length].decode(errors="ignore")


def _marked(name: str) -> str:
    mark = hashlib.sha256(name.encode()).hexdigest()[:_MARK_LENGTH]
    return f"{_cut(name, LONGEST_NAME - _MARK_LENGTH - 1)}_{mark}"
