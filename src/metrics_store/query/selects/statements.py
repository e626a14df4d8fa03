"""A statement of a client: whether it may be sent on, and the query in it."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.query.selects.select_errors import inexpressible
from metrics_store.query.selects.sql_words import read_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.query.selects.sql_words import Word

_QUERIES = {"select", "with", "values", "table", "("}
_HARMLESS = {
    "abort", "begin", "close", "commit", "deallocate", "discard", "end", "execute", "fetch",
    "move", "release", "reset", "rollback", "savepoint", "set", "show", "start", "unlisten",
}  # fmt: skip
# Who asks stays the same, and texts are read as they were when they were looked at.
_NOT_SET = {"role", "authorization", "session_authorization", "standard_conforming_strings"}
_READ_ONLY = "metrics are only read here"
_REMEDY = "send SELECT, or COPY (SELECT ...) TO STDOUT"


class Kind(enum.Enum):
    """What a statement does."""

    QUERY = "query"
    PREPARED = "prepared"
    HARMLESS = "harmless"


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        text: All of it.
        kind: What it does.
        start: Where the query in it begins.
        end: Where that ends.
    """

    text: str
    kind: Kind
    start: int = 0
    end: int = 0

    @property
    def query(self) -> str:
        """The query in it."""
        return self.text[self.start : self.end]

    @property
    def is_copy(self) -> bool:
        """Whether it is COPY, which copies what the query in it gives."""
        return bool(self.start) and read_words(self.text)[0].text == "copy"

    def around(self, query: str) -> str:
        """Give the statement with another query in it."""
        return self.text[: self.start] + query + self.text[self.end :]


def split_statements(text: str) -> list[str]:
    """Give the statements of a text, without empty ones and the semicolons.

    Raises:
        MetricsStoreError: The text cannot be read.
    """
    found: list[str] = []
    start, words = 0, 0
    for word in read_words(text):
        if word.is_bare and word.text == ";":
            if words:
                found.append(text[start : word.start])
            start, words = word.end, 0
        else:
            words += 1
    return [*found, text[start:]] if words else found


def read_statement(text: str) -> Statement:
    """Say what a statement does, and where the query in it stands.

    Raises:
        MetricsStoreError: It does what nobody may do here.
    """
    words = read_words(text)
    plain = [word.text if word.is_bare else "" for word in words]
    first = plain[0] if plain else ""
    if first in _QUERIES:
        return _from(text, words, 0)
    if first in _HARMLESS:
        if first in {"set", "reset"} and _NOT_SET & {word.text.strip('"') for word in words[1:4]}:
            raise inexpressible("this setting stays as it is", text, "connect anew to change it")
        return Statement(text, Kind.HARMLESS)
    if first == "declare" and "for" in plain:
        return _from(text, words, plain.index("for") + 1)
    if first == "prepare" and "as" in plain:
        return _from(text, words, plain.index("as") + 1, Kind.PREPARED)
    if first == "explain":
        return _explained(text, words, plain)
    if first == "copy":
        return _copied(text, words, plain)
    raise _read_only(text)


def _from(text: str, words: Sequence[Word], at: int, kind: Kind = Kind.QUERY) -> Statement:
    if at >= len(words) or not words[at].is_bare or words[at].text not in _QUERIES:
        raise _read_only(text)
    return Statement(text, kind, words[at].start, words[-1].end)


def _explained(text: str, words: Sequence[Word], plain: Sequence[str]) -> Statement:
    at = 1
    if plain[1:2] == ["("]:
        at = plain.index(")") + 1 if ")" in plain else len(plain)
    while at < len(plain) and plain[at] in {"analyze", "verbose"}:
        at += 1
    return _from(text, words, at)


def _copied(text: str, words: Sequence[Word], plain: Sequence[str]) -> Statement:
    depth = 0
    for number, word in enumerate(plain):
        depth += (word == "(") - (word == ")")
        if number and depth == 0:
            if word == ")" and plain[number + 1 : number + 3] == ["to", "stdout"]:
                inner = _from(text, words, 2)
                return Statement(text, Kind.QUERY, inner.start, words[number].start)
            break
    raise _read_only(text)


def _read_only(text: str) -> Exception:
    return inexpressible(_READ_ONLY, " ".join(text.split()), _REMEDY)
