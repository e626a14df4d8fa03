"""Lists searched by words and cut into pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from metrics_store.errors import MetricsStoreError
from metrics_store.query.search_rank import Searched, synonyms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PAGE_SIZE = 100
LARGEST_PAGE = 1000


class Described(Protocol):
    """What can be searched: things with a name, a label and a description."""

    @property
    def name(self) -> str:
        """What it is requested by."""

    @property
    def description(self) -> str:
        """What it means."""


Item = TypeVar("Item")
DescribedItem = TypeVar("DescribedItem", bound=Described)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list.

    Attributes:
        items: What is on the page; nothing past the last one.
        page_num: Which page it is; the first is 1.
        page_size: How many fit on a page.
        total_items: How many there are on all pages.
        total_pages: How many pages there are; at least 1.
    """

    items: tuple[Item, ...]
    page_num: int
    page_size: int
    total_items: int
    total_pages: int


def page_of(
    items: Sequence[Item], page_num: int = 1, page_size: int | None = PAGE_SIZE
) -> Page[Item]:
    """Give one page of a list; without a size, everything is on the first.

    Raises:
        MetricsStoreError: There are no such pages.
    """
    if page_num < 1:
        raise MetricsStoreError(
            "there is no such page", where=str(page_num), expected="a number from 1 on"
        )
    if page_size is None:
        page_size = max(1, len(items))
    elif not 1 <= page_size <= LARGEST_PAGE:
        raise MetricsStoreError(
            "a page cannot have such a size",
            where=str(page_size),
            expected=f"a number from 1 to {LARGEST_PAGE}",
        )
    start = (page_num - 1) * page_size
    return Page(
        items=tuple(items[start : start + page_size]),
        page_num=page_num,
        page_size=page_size,
        total_items=len(items),
        total_pages=max(1, -(-len(items) // page_size)),
    )


def search_items(
    items: Iterable[DescribedItem], words: Iterable[str | None]
) -> list[DescribedItem]:
    """Give the things that fit one of the words in name, label, synonyms or description.

    The best come first, and those that fit alike as they were. Upper and lower case are the same.
    Without a word, everything is given.
    """
    wanted = [word for word in words if word and word.strip()]
    if not wanted:
        return list(items)
    ranked = [(_rank(item, wanted), item) for item in items]
    found = [(rank, item) for rank, item in ranked if rank is not None]
    return [item for _, item in sorted(found, key=lambda pair: pair[0])]


def _rank(item: Described, wanted: list[str]) -> int | None:
    names = (getattr(item, "qualified_name", ""), item.name, getattr(item, "label", "") or "")
    synonyms = synonyms_of(getattr(item, "meta", {}))
    searched = Searched((*names, *synonyms), description=item.description)
    ranks = [rank for word in wanted if (rank := searched.rank(word)) is not None]
    return min(ranks, default=None)
