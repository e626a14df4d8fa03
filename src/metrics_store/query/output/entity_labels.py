"""Answers by an entity with its names in the place of its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_labels(answer: pa.Table, labels: Mapping[str, str]) -> pa.Table:
    """Give an answer whose keys are replaced by their names; two of one name stay two rows.

    Args:
        answer: The answer, with a column of names for each of keys.
        labels: Column of keys -> column of names. What has no name keeps its key.
    """
    for key, label in labels.items():
        names = pc.coalesce(answer[label].cast(pa.string()), answer[key].cast(pa.string()))
        place = answer.schema.get_field_index(key)
        field = answer.schema.field(key).with_type(pa.string())
        answer = answer.set_column(place, field, names).drop_columns(label)
    return answer
