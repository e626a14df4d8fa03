"""What clients of the dbt Semantic Layer order by, as the engine has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.query.names import METRIC_TIME

if TYPE_CHECKING:
    from collections.abc import Sequence


def ordered_by(name: str, group_by: Sequence[str], *, descending: bool) -> str:
    """Give what to order by, with the grain that is asked for where the client leaves it out.

    Args:
        name: A metric or a group-by, maybe a time without its grain.
        group_by: What is grouped by, such as `metric_time__month`.
        descending: Whether the greatest comes first.
    """
    if name not in group_by:
        grained = [one for one in group_by if one.rpartition("__")[0] == name]
        is_time = name == METRIC_TIME or "__" in name
        if is_time and len(grained) == 1:
            name = grained[0]
    return f"-{name}" if descending else name
