"""MetricFlow's numbering of the nodes of a plan, without building all numbers anew for each node.

A plan has thousands of nodes of some sixty kinds. MetricFlow keeps the next number of every kind in
tuples and makes a dictionary of them for each new node, a fifth of the time of planning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantics.dag.sequential_id import (
    SequentialId,
    SequentialIdGenerator,
    _IdGenerationState,
    _IdGenerationStateStack,
)

if TYPE_CHECKING:
    from metricflow_semantics.dag.id_prefix import IdPrefix


def number_by_copies() -> None:
    """Have MetricFlow copy the numbers and change one; what it numbers is numbered alike."""
    SequentialIdGenerator.create_next_id = classmethod(_create_next_id)


def _create_next_id(cls: type, id_prefix: IdPrefix) -> SequentialId:
    del cls
    state = _IdGenerationStateStack.get_current_state()
    numbers = state.prefix_to_next_value
    index = numbers.get(id_prefix) or state.default_start_value
    # A state of its own, since other contexts may hold the one before.
    following = _IdGenerationState(
        default_start_value=state.default_start_value, prefix_to_next_value_items=()
    )
    # What the property would make of the items.
    vars(following)["prefix_to_next_value"] = {**numbers, id_prefix: index + 1}
    _IdGenerationStateStack.replace_current_state(following)
    return SequentialId(id_prefix=id_prefix, index=index)
