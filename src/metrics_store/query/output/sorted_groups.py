"""Rows in the order of a process: groups by where their values stand, and not by their letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    Ranks = Mapping[str, Mapping[object, Any]]


def in_order(answer: pa.Table, ranks: Ranks) -> pa.Table:
    """Give an answer with its groups in the order of their ranks.

    Args:
        answer: The answer, ordered by its group-bys from left to right. Only groups of a column
            that has ranks change their places, within the groups of the columns before.
        ranks: Column -> the rank of each of its values; what has none comes last, as it was.
    """
    ordered = [name for name in answer.column_names if name in ranks]
    if not ordered:
        return answer
    depth = answer.column_names.index(ordered[-1]) + 1
    names = answer.column_names[:depth]
    columns = [answer.column(place).to_pylist() for place in range(depth)]
    rows = _sorted(list(range(answer.num_rows)), columns, [ranks.get(name, {}) for name in names])
    return answer.take(rows)


def places_of(ranks: Mapping[object, Any]) -> dict[object, int]:
    """Give the place of each value that has a rank, from 0; values of one rank share theirs."""
    order = sorted({one for one in ranks.values() if one is not None})
    return {value: order.index(rank) for value, rank in ranks.items() if rank is not None}


def _sorted(
    rows: list[int], columns: Sequence[list[object]], ranks: Sequence[Mapping[object, Any]]
) -> list[int]:
    """Sort rows that are alike in all columns before the first one."""
    if not columns:
        return rows
    runs: list[list[int]] = []
    for row in rows:
        if runs and columns[0][runs[-1][0]] == columns[0][row]:
            runs[-1].append(row)
        else:
            runs.append([row])
    known = ranks[0]
    if known:
        places = places_of(known)
        # Sorting keeps what has the same place, or none, as it was.
        runs.sort(key=lambda run: places.get(columns[0][run[0]], len(places)))
    return [one for run in runs for one in _sorted(run, columns[1:], ranks[1:])]
