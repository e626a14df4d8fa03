"""Filters that say what filters cannot are refused at every interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hostile.corpus.filters import FILTERS
from hostile.interface_requests import Question
from hostile.leak_checks import Asked, ask_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hostile.conftest import Canaries
    from hostile.interface_requests import Interface

pytestmark = pytest.mark.xdist_group("shop")


def asked(canaries: Canaries, *, group_by: tuple[str, ...]) -> Iterator[Asked]:
    for group in FILTERS.values():
        for text in group:
            attack = canaries.put_in(text)
            yield Asked(attack, Question(where=(attack,), group_by=group_by))


def test_filters(canaries: Canaries, interface: Interface) -> None:
    assert ask_all(interface, canaries, asked(canaries, group_by=("order__status",))) > 250


def test_filters_of_totals(canaries: Canaries, interfaces: list[Interface]) -> None:
    assert ask_all(interfaces[0], canaries, asked(canaries, group_by=())) > 250
