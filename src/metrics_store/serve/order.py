"""What clients of the dbt Semantic Layer order by, as the engine has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_PART = "extract_"


def ordered_by(
    name: str, group_by: Sequence[str], grains: Collection[str], *, descending: bool
) -> str:
    """Give what to order by, with the grain that is asked for where the client leaves it out.

    Args:
        name: A metric or a group-by, maybe a time without its grain.
        group_by: What is grouped by, such as `metric_time__month`.
        grains: The grains that there are.
        descending: Whether the greatest comes first.
    """
    if name not in group_by:
        fitting = [one for one in group_by if _is_time(one, name, grains)]
        if len(fitting) == 1:
            [name] = fitting
    return f"-{name}" if descending else name


def _is_time(group_by: str, name: str, grains: Collection[str]) -> bool:
    path, _, suffix = group_by.rpartition("__")
    return path == name and (suffix.lower() in grains or suffix.startswith(_PART))
