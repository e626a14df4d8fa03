"""Filters that hypothesis makes: trees mean what they mean in Python, and noise is refused."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hostile.corpus.filters import FILTERS
from hostile.corpus.literals import LITERALS
from hostile.interface_requests import Interface, Question
from hostile.leak_checks import check_text, like, sums_of
from hostile.test_literals import NAME, STATUS, quoted

if TYPE_CHECKING:
    from hostile.conftest import Canaries

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("shop")]

_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# As text, as JSON, in Python.
Made = tuple[str, dict[str, Any], Callable[[str], bool]]
_known = [text for group in LITERALS.values() for text in group if len(text) < 200]
_sign = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
_texts = (
    st.sampled_from(_known) | st.text(_sign, max_size=12) | st.text("'\"\\%_{}-;/*", max_size=9)
)


def _compared(text: str) -> list[Made]:
    said = quoted(text)
    compare = {"name": NAME, "value": text}
    return [
        (f"{STATUS} = {said}", {"compare": {**compare, "operator": "="}}, lambda one: one == text),
        (
            f"{STATUS} <> {said}",
            {"compare": {**compare, "operator": "!="}},
            lambda one: one != text,
        ),
        (
            f"order__status in ({said}, 'paid')",
            {"in": {"name": NAME, "values": [text, "paid"]}},
            lambda one: one in (text, "paid"),
        ),
        (
            f"{STATUS} like {said}",
            {"like": {"name": NAME, "pattern": text}},
            lambda one: like(text, one),
        ),
    ]


def _not(part: Made) -> Made:
    return f"not ({part[0]})", {"not": part[1]}, lambda one: not part[2](one)


def _both(parts: tuple[Made, Made]) -> Made:
    first, second = parts
    return (
        f"({first[0]}) and ({second[0]})",
        {"and": [first[1], second[1]]},
        lambda one: first[2](one) and second[2](one),
    )


def _either(parts: tuple[Made, Made]) -> Made:
    first, second = parts
    return (
        f"({first[0]} or {second[0]})",
        {"or": [first[1], second[1]]},
        lambda one: first[2](one) or second[2](one),
    )


def _larger(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    pairs = st.tuples(inner, inner)
    return inner.map(_not) | pairs.map(_both) | pairs.map(_either)


_trees = st.recursive(_texts.flatmap(lambda text: st.sampled_from(_compared(text))), _larger)


@_SETTINGS
@given(made=_trees)
def test_trees(canaries: Canaries, interfaces: list[Interface], made: Made) -> None:
    text, condition, passes = made
    expected = {key: value for key, value in canaries.rows.items() if passes(key)}
    # Which interfaces are asked is drawn anew each time, but the same for the same filter.
    for interface in random.Random(text).sample(interfaces, 3):
        where = condition if "json" in interface.has and len(text) % 2 else text
        told = interface.put(Question(where=(where,)))
        if told.rows is None:
            assert re.search("too (long|deeply|large)", told.text), (interface.name, told.text)
        else:
            assert sums_of(told) == expected, interface.name


_pieces = st.sampled_from(
    [
        *(text for group in FILTERS.values() for text in group if len(text) < 100),
        *(
            "'",
            '"',
            "--",
            "/*",
            "*/",
            ";",
            "{{",
            "}}",
            "{%",
            "%}",
            "\\",
            "(",
            ")",
            "$$",
            "\n",
            "\0",
        ),
        *(
            "or",
            "and",
            "1=1",
            "union",
            "select",
            "canary",
            "from",
            "canaries",
            STATUS,
            "'paid'",
            "=",
        ),
    ]
)


@_SETTINGS
@given(
    parts=st.lists(_pieces | st.text(max_size=8), min_size=1, max_size=8),
    glue=st.text(" ", max_size=1),
)
def test_noise(
    canaries: Canaries, interfaces: list[Interface], parts: list[str], glue: str
) -> None:
    text = canaries.put_in(glue.join(parts))
    question = Question(where=(text,))
    for interface in random.Random(text).sample(interfaces, 3):
        if not interface.takes(question):
            continue
        told = interface.put(question)
        check_text(told.text, canaries, text)
        if told.rows is not None:
            # Whatever it means, it lets rows of the orders through, whole ones.
            assert sums_of(told).items() <= canaries.rows.items(), interface.name


_names = st.text(max_size=20) | st.sampled_from(["order__status", "metric_time__day", "canary"])


@_SETTINGS
@given(names=st.lists(_names, min_size=3, max_size=3))
def test_names(canaries: Canaries, interfaces: list[Interface], names: list[str]) -> None:
    metric, group_by, order_by = names
    question = Question(metrics=(metric,), group_by=(group_by,), order_by=(order_by,))
    for interface in random.Random(str(names)).sample(interfaces, 3):
        if interface.takes(question):
            told = interface.put(question)
            assert told.rows is None, interface.name
            check_text(told.text, canaries, str(names))
