"""What names nothing is refused wherever a name belongs, and reaches no statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hostile.corpus.names import NAMES
from hostile.interface_requests import Question
from hostile.leak_checks import Asked, ask_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hostile.conftest import Canaries
    from hostile.interface_requests import Interface

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("shop")]


def positions(name: str) -> list[Question]:
    """Give the questions with a name wherever one belongs."""
    said = name.replace("'", "\\'")
    return [
        Question(metrics=(name,)),
        Question(group_by=(name,)),
        Question(order_by=(name,)),
        Question(metrics=(), group_by=(), saved_query=name),
        Question(metrics=("revenue", name), group_by=("order__status", name)),
        Question(metrics=(), group_by=(name,)),
        Question(order_by=(f"-{name}",)),
        Question(where=({"is_null": {"name": {"dimension": name}}},)),
        Question(where=(f"{{{{ Dimension('{said}') }}}} = 'x'",)),
        Question(group_by=("metric_time__" + name,)),
        Question(where=({"is_null": {"name": {"time_dimension": "metric_time", "grain": name}}},)),
        Question(where=({"is_null": {"name": {"metric": "revenue", "group_by": [name]}}},)),
        Question(where=({"is_true": {"name": {"name": name}}},)),
        Question(where=({"is_null": {"name": {name: "order__status"}}},)),
    ]


def asked(canaries: Canaries, *, everywhere: bool) -> Iterator[Asked]:
    names = [canaries.put_in(name) for group in NAMES.values() for name in group]
    for number, name in enumerate(names):
        places = positions(name)
        if not everywhere:
            places = places[number % 4 :: 4]
        for question in places:
            yield Asked(name, question)


def test_names(canaries: Canaries, interface: Interface) -> None:
    assert (
        ask_all(interface, canaries, asked(canaries, everywhere=interface.name == "engine")) > 200
    )
