"""Nodes of plans are numbered as MetricFlow numbers them, and contexts do not see each other."""

from __future__ import annotations

import contextvars
import inspect
import random
from typing import TYPE_CHECKING

from metricflow_semantics.dag import sequential_id
from metricflow_semantics.dag.id_prefix import DynamicIdPrefix, StaticIdPrefix
from metricflow_semantics.dag.sequential_id import SequentialIdGenerator

from metrics_store.query.metricflow import metricflow_engine, sequential_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from metricflow_semantics.dag.id_prefix import IdPrefix
    from metricflow_semantics.dag.sequential_id import SequentialId

PREFIXES: list[IdPrefix] = [*list(StaticIdPrefix)[:6], DynamicIdPrefix("one")]


def _metricflows_own() -> Callable[[IdPrefix], SequentialId]:
    """Give MetricFlow's own function, from its source."""
    names = dict(vars(sequential_id))
    exec(inspect.getsource(sequential_id.SequentialIdGenerator), names)  # noqa: S102 - MetricFlow's
    own: Callable[[IdPrefix], SequentialId] = names["SequentialIdGenerator"].create_next_id
    return own


def _numbers(create: Callable[[IdPrefix], SequentialId]) -> list[str]:
    """Number nodes of several kinds, also within number spaces, after a start anew."""
    dice = random.Random(7)
    SequentialIdGenerator.reset()
    given = []
    for _ in range(5):
        given += [create(dice.choice(PREFIXES)).str_value for _ in range(20)]
        with SequentialIdGenerator.id_number_space(dice.choice([0, 100, 5000])):
            given += [create(dice.choice(PREFIXES)).str_value for _ in range(20)]
    return given


def test_numbers_are_those_of_metricflow() -> None:
    ours = SequentialIdGenerator.create_next_id
    assert ours.__func__ is vars(sequential_ids)["_create_next_id"]
    assert metricflow_engine.number_by_copies is sequential_ids.number_by_copies
    found = contextvars.copy_context().run(_numbers, ours)
    assert found == contextvars.copy_context().run(_numbers, _metricflows_own())
    assert len(set(found)) > len(PREFIXES)


def test_a_context_numbers_from_where_it_was_copied() -> None:
    prefix = PREFIXES[0]

    def number() -> list[int]:
        return [SequentialIdGenerator.create_next_id(prefix).index for _ in range(3)]

    def copies() -> tuple[list[int], list[int], list[int]]:
        SequentialIdGenerator.reset()
        number()
        first, second = (contextvars.copy_context().run(number) for _ in range(2))
        return first, second, number()

    assert contextvars.copy_context().run(copies) == ([3, 4, 5], [3, 4, 5], [3, 4, 5])
