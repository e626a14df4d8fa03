"""Periods of a project's own calendar, called by their names."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.query.output.column_units import is_metric
from metrics_store.query.output.value_texts import grain_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_names(answer: pa.Table, names: Mapping[str, Mapping[dt.date, str]]) -> pa.Table:
    """Give an answer with the names of periods in the place of their first days.

    Args:
        answer: The answer; the name of a column of times says its grain.
        names: Grain -> the name of each of its periods, by its first day.
    """
    for position, field in enumerate(answer.schema):
        known = names.get(grain_of(field))
        if known and not is_metric(field):
            texts = [
                None if one is None else known.get(_day(one), str(_day(one)))
                for one in answer.column(position).to_pylist()
            ]
            answer = answer.set_column(position, field.name, pa.array(texts, pa.string()))
    return answer


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
