from __future__ import annotations

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.query.definitions.definition_entries import DimensionDefinition
from metrics_store.query.definitions.pages import page_of, search_items


def test_pages_hold_every_item_once() -> None:
    items = list(range(7))
    pages = [page_of(items, number, 3) for number in (1, 2, 3, 4)]
    assert [page.items for page in pages] == [(0, 1, 2), (3, 4, 5), (6,), ()]
    assert {(page.total_items, page.total_pages) for page in pages} == {(7, 3)}
    assert page_of(items, 1, 7).total_pages == 1
    everything = page_of(items, 1, None)
    assert (everything.items, everything.total_pages) == (tuple(items), 1)
    assert page_of([], 1, 3).total_pages == 1


@pytest.mark.parametrize(("number", "size"), [(0, 3), (-1, 3), (1, 0), (1, 1001), (1, -5)])
def test_what_is_no_page_is_refused(number: int, size: int) -> None:
    with pytest.raises(MetricsStoreError):
        page_of([1], number, size)


def test_words_are_found_in_names_labels_and_descriptions() -> None:
    region = DimensionDefinition("customer__region", "region", "Where they are.", "categorical")
    label = DimensionDefinition("x__y", "y", "", "categorical", label="Why Not")
    both = [region, label]
    assert search_items(both, ["CUSTOMER__"]) == [region]
    assert search_items(both, ["where"]) == [region]
    # What has the word in its name comes before what has it in its description.
    assert search_items(both, ["why", "where"]) == [label, region]
    assert search_items(both, [None, " "]) == both
    assert search_items(both, ["nothing"]) == []
