"""Metrics by what their `config.meta` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from metrics_store.query.definitions.definition_entries import MetricDefinition

_FLAGS = {"true": True, "false": False}
_MOST_VALUES = 20


def with_meta(
    metrics: Sequence[MetricDefinition], wanted: Mapping[str, object]
) -> list[MetricDefinition]:
    """Give the metrics that have all of these values, alone or among others of a list.

    Raises:
        MetricsStoreError: No metric has such a key, or none such a value.
    """
    for key, value in wanted.items():
        said = [metric.meta[key] for metric in metrics if key in metric.meta]
        if not said:
            raise MetricsStoreError(
                "no metric has this key in its metadata",
                where=f"meta_filter.{key}",
                expected=_one_of({name for metric in metrics for name in metric.meta}),
            )
        if not any(_is(one, value) for one in said):
            raise MetricsStoreError(
                f"no metric has this value of {key}",
                where=f"meta_filter.{key}",
                expected=_one_of({str(part) for one in said for part in _parts(one)}),
            )
    return [
        metric
        for metric in metrics
        if all(key in metric.meta and _is(metric.meta[key], wanted[key]) for key in wanted)
    ]


def _is(said: object, wanted: object) -> bool:
    value = _FLAGS.get(wanted.lower(), wanted) if isinstance(wanted, str) else wanted
    return said in (value, wanted) or (isinstance(said, list) and value in said)


def _parts(said: object) -> list[object]:
    return said if isinstance(said, list) else [said]


def _one_of(texts: Iterable[str]) -> str:
    """Name what there is; of many, the first ones."""
    names = sorted(texts)
    more = " ..." if len(names) > _MOST_VALUES else ""
    return f"one of {', '.join(names[:_MOST_VALUES])}{more}" if names else "no meta_filter"
