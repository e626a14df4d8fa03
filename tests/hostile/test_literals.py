"""A hostile text that is a value is that value: it finds its own row, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hostile.conftest import literals
from hostile.corpus.literals import IMPOSSIBLE, LITERALS
from hostile.interface_requests import Question
from hostile.leak_checks import Asked, ask_all, like

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from hostile.conftest import Canaries
    from hostile.interface_requests import Interface

pytestmark = pytest.mark.xdist_group("shop")

STATUS = "{{ Dimension('order__status') }}"
LONG = 200
NAME = {"dimension": "order__status"}


def quoted(text: str) -> str:
    """Write a text as filters do."""
    return "'" + text.replace("'", "''") + "'"


def forms(text: str) -> list[tuple[str | dict[str, Any], Any]]:
    """Give each form of filter with a text in it, and which statuses it lets through."""
    said = quoted(text)
    return [
        (f"{STATUS} = {said}", lambda one: one == text),
        (f"order__status in ({said}, 'returned')", lambda one: one in (text, "returned")),
        ({"compare": {"name": NAME, "operator": "=", "value": text}}, lambda one: one == text),
        (f"{STATUS} != {said}", lambda one: one != text),
        (f"{STATUS} like {said}", lambda one: like(text, one)),
        ({"in": {"name": NAME, "values": [text]}}, lambda one: one == text),
        (f"{STATUS} between {said} and {said}", lambda one: one == text),
        ({"like": {"name": NAME, "pattern": text}}, lambda one: like(text, one)),
        (f"not ({STATUS} = {said} or {STATUS} = 'paid')", lambda one: one not in (text, "paid")),
    ]


def asked(canaries: Canaries, texts: list[str], *, every_form: bool) -> Iterator[Asked]:
    """Give questions, each with its text and the sums that answer it."""
    for number, text in enumerate(texts):
        all_forms = forms(text)
        # Interfaces share what understands a filter, so that each meets some forms of all texts.
        step = 1 if len(text) > LONG else 2 if every_form else 5
        chosen = all_forms[number % step :: step]
        for where, passes in chosen:
            yield Asked(text, Question(where=(where,)), _passing(canaries, passes))


def _passing(canaries: Canaries, passes: Any) -> dict[str, Decimal]:  # noqa: ANN401
    return {status: amount for status, amount in canaries.rows.items() if passes(status)}


@pytest.mark.slow
def test_values(canaries: Canaries, interface: Interface) -> None:
    texts = literals(canaries.file)
    number = ask_all(
        interface, canaries, asked(canaries, texts, every_form=interface.name == "engine")
    )
    assert number > len(texts)


def test_the_corpus_is_in_the_table(canaries: Canaries) -> None:
    texts = literals(canaries.file)
    assert len(texts) == len(set(texts)) == sum(map(len, LITERALS.values())) > 140
    assert set(texts) < set(canaries.rows)


def test_values_that_no_engine_can_hold(canaries: Canaries, interface: Interface) -> None:
    wanted = [
        Asked(text, Question(where=(form,))) for text in IMPOSSIBLE for form, _ in forms(text)
    ]
    assert ask_all(interface, canaries, wanted)
