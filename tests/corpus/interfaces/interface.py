"""What all interfaces of the corpus have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

if TYPE_CHECKING:
    from corpus.answers import Outcome, Rows
    from corpus.corpus_requests import Asked

ALL_BUT_PAGES = frozenset(
    {"metrics", "group_by", "where", "order_by", "limit", "saved_query", "values"}
)
PERIODS = frozenset({"period"})
TIMES = frozenset({"start_time", "end_time"}) | PERIODS


class Interface(Protocol):
    """Asks in an interface's own words.

    Attributes:
        name: What the tests call it.
        can_say: The parts of a request that it has words for.
        least: How much of the corpus it must be able to say.
    """

    name: ClassVar[str]
    can_say: ClassVar[frozenset[str]]
    least: ClassVar[int]

    def ask(self, asked: Asked, like: Rows | None) -> Outcome:
        """Ask.

        Args:
            asked: What.
            like: The answer that is expected, for the types of texts; none for an error.
        """
        ...

    def lacks(self, asked: Asked) -> str | None:
        """Say why it cannot ask this, though it has words for all parts; none where it can."""
        ...
