"""Token streams of SQL, Jinja and Python, without comments, white space and case."""

from __future__ import annotations

import io
import re
import tokenize

import jinja2
import sqlglot
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

_LITERALS = {
    TokenType.STRING,
    TokenType.NATIONAL_STRING,
    TokenType.RAW_STRING,
    TokenType.HEREDOC_STRING,
    TokenType.UNICODE_STRING,
    TokenType.BYTE_STRING,
}
_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING}

_JINJA = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.do"])


def sql_tokens(sql: str, dialect: str) -> list[str]:
    """Give the tokens of SQL, of any text whatever."""
    try:
        found = sqlglot.tokenize(sql, dialect=dialect)
    except SqlglotError:
        return sql.split()
    return [
        f"'{token.text}'" if token.token_type in _LITERALS else token.text.lower()
        for token in found
        if token.token_type != TokenType.SEMICOLON
    ]


def jinja_tokens(template: str) -> list[tuple[str, str]]:
    """Give kind and text of the tokens of a template, without comments and white space.

    Raises:
        jinja2.TemplateSyntaxError: It is no template.
    """
    found: list[tuple[str, str]] = []
    in_comment = False
    for _, kind, text in _JINJA.lex(template):
        if kind in {"comment_begin", "comment_end"}:
            in_comment = kind == "comment_begin"
        elif kind.endswith(("_begin", "_end")):
            found.append((kind, ""))
        elif kind == "string":
            found.append((kind, f"'{text[1:-1]}'"))
        elif not in_comment and kind not in {"whitespace", "linecomment"}:
            found.append((kind, text))
    return found


def template_tokens(template: str, dialect: str) -> list[str]:
    """Give the tokens of SQL with jinja in it."""
    try:
        found = jinja_tokens(template)
    except jinja2.TemplateSyntaxError:
        return template.split()
    return tokens_of(found, dialect)


def tokens_of(found: list[tuple[str, str]], dialect: str) -> list[str]:
    """Give the tokens of SQL with jinja in it, of the tokens that jinja sees.

    The SQL is read as one text, in which a name stands for each piece of jinja: a text in quotes
    may begin before one and end after it.
    """
    sql: list[str] = []
    pieces: list[str] = []
    for kind, text in found:
        if kind == "data":
            sql.append(text)
        elif kind.endswith("_begin") and not kind.startswith("raw"):
            pieces.append(kind)
            # An expression may be part of a word, a block stands for itself.
            sql.append("jinja" if kind == "variable_begin" else "\njinja_block\n")
        elif not kind.startswith("raw"):
            pieces.append(text)
    return [*sql_tokens("".join(sql), dialect), "", *pieces]


def python_tokens(code: str) -> list[str]:
    """Give the tokens of Python code."""
    try:
        found = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        return re.split(r"\s+", code)
    return [
        tokenize.tok_name[each.type] + (each.string.strip() and f" {each.string}")
        for each in found
        if each.type not in _LAYOUT
    ]
