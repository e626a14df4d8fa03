"""Takes the names out of a filter's text, so that a parser of SQL meets none."""

from __future__ import annotations

import re

from metrics_store.errors import MetricsStoreError
from metrics_store.query.filters.filter_errors import rejected_at
from metrics_store.query.filters.filter_tree import Name
from metrics_store.query.filters.parser.name_parser import read_object

_PART = re.compile(
    r"""
    (?P<text>'(?:[^']|'')*')
    | \{\{ (?P<call>(?:[^{}'"]|'[^']*'|"[^"]*")*) \}\}
    # What only SQL has: the field of EXTRACT, and the type of a cast, which is no name of ours.
    | (?<![a-zA-Z0-9_]) (?P<field>(?i:extract) \s* \( \s* [a-zA-Z]+ \s+ (?i:from)) (?![a-zA-Z0-9_])
    | (?P<type>
        (?: (?<![a-zA-Z0-9_]) (?i:as) \s+ | :: \s* )
        [a-zA-Z]+ (?: \s+ (?i:precision|varying) )?
      ) (?![a-zA-Z0-9_])
    | (?<![a-zA-Z0-9_]) (?P<word>[a-zA-Z_][a-zA-Z0-9_]*+) (?!\s*\() (?!')
    | (?P<bad>[{}"'`\\;$@\#] | -- | /\* )
    """,
    re.VERBOSE,
)
# What a filter's text is made of besides names, and what is rejected by its own name.
_WORDS = frozenset(
    {"and", "or", "not", "in", "between", "like", "is", "null", "true", "false"}
    | {"date", "timestamp"}
    | {"select", "union", "from", "where", "exists", "case", "when", "then", "else", "end", "cast"}
    | {"interval", "current_date", "current_timestamp", "distinct", "ilike", "rlike", "regexp"}
    | {"glob", "similar", "escape", "collate", "any", "all"}
)
_REASONS = {
    "{": "a brace in the filter is not one of a pair `{{ }}` around a name",
    "}": "a brace in the filter is not one of a pair `{{ }}` around a name",
    '"': "a filter has no double quotes: texts stand in single quotes, names in none",
    "'": "a text in the filter is not closed",
    ";": "a filter is one condition, without semicolons",
    "--": "a filter has no comments",
    "/*": "a filter has no comments",
}


def mask_names(text: str) -> tuple[str, dict[int, Name]]:
    """Put underscores in the place of each name, plain or in braces; all else keeps its place.

    Returns:
        The text without names, and the names by the place where their underscores begin.

    Raises:
        MetricsStoreError: A call is not allowed, or a character stands outside of texts that
            filters do not have.
    """
    names: dict[int, Name] = {}
    pieces = []
    end = 0
    for match in _PART.finditer(text):
        start = match.start()
        pieces.append(text[end:start])
        end = match.end()
        if match["bad"]:
            reason = _REASONS.get(match["bad"], "a filter does not have such a character")
            raise rejected_at(reason, text, start)
        if match["call"] is not None:
            names[start + 1] = _named(match["call"], text, start)
            # The braces stay as spaces, so that it is not joined with what stands beside it.
            pieces.append(" " + "_" * (end - start - 2) + " ")
        elif match["word"] and match["word"].lower() not in _WORDS:
            names[start] = _plain(match["word"])
            pieces.append("_" * (end - start))
        else:
            pieces.append(match[0])
    return "".join([*pieces, text[end:]]), names


def _named(call: str, text: str, start: int) -> Name:
    try:
        return read_object(call)
    except MetricsStoreError as error:
        raise rejected_at(error.what, text, start, expected=error.expected) from None


def _plain(word: str) -> Name:
    return Name(word.lower())
