"""The names that metrics have no meaning by, with the reasons: `config.meta.not_by`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metricflow_semantics.model.semantics.metric_lookup import MetricLookup

from metrics_store.errors import MetricsStoreError
from metrics_store.query.metric_time import METRIC_TIME, known_grains

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.protocols import SemanticLayerElementConfig

KEY = "not_by"
# In the `config.meta` of a dimension that is there for definitions, such as a metric's filter.
HIDDEN = "hidden"
PERIOD = "requires_metric_time"
_LINK = "__"


class Exclusions:
    """The names that each metric has no meaning by, with the reasons.

    A name is that of a dimension or an entity, with or without what leads to it: `status` holds for
    every way to it, `shop` for the entity and all that is its own. A filter is a slice and has as
    much meaning as the group. Metrics made of others have their exclusions too, but for those that
    they take back by an empty reason.

    A name may be a grain of the metric's own time as well. Grains are each metric's own: what is
    made of a metric by the quarter may have a meaning by the month.
    """

    def __init__(self, manifest: PydanticSemanticManifest) -> None:
        self._declared = {metric.name: metric for metric in manifest.metrics}
        self._models = manifest.semantic_models
        self._grains = known_grains(manifest)
        self._cache: dict[str, Mapping[str, str]] = {}

    def of(self, metric: str) -> Mapping[str, str]:
        """Give all names that a metric has no meaning by, each with its reason.

        Raises:
            MetricsStoreError: It is not said by a name and a reason each.
        """
        if metric not in self._cache:
            declared = self._declared[metric]
            own = _declared_exclusions(declared)
            inherited: dict[str, str] = {}
            for metric_input in self._inputs(metric):
                for name, reason in self.of(metric_input).items():
                    if not self._is_grain(name):
                        inherited.setdefault(name, reason)
            every = {**inherited, **own}
            self._cache[metric] = {name: reason for name, reason in every.items() if reason}
        return self._cache[metric]

    def reason(self, metric: str, path: str) -> str | None:
        """Give the reason why a metric has no meaning by a dimension or an entity; none if it has.

        The metric's own time is neither: all metrics have a meaning at a time.
        """
        parts = path.lower().split(_LINK)
        if parts[0] == METRIC_TIME:
            return None
        return next(
            (reason for name, reason in self.of(metric).items() if _matches(name, parts)), None
        )

    def reason_of_grain(self, metric: str, grain: str) -> str | None:
        """Give the reason why a metric has no meaning by a grain of its own time."""
        excluded = self.of(metric)
        return excluded.get(grain) or excluded.get(f"{METRIC_TIME}{_LINK}{grain}")

    def requires_period(self, metric: str) -> bool:
        """Whether a metric, or what it is made of, counts things once a period.

        Over all time they would count several times: `config.meta.requires_metric_time` says so.
        """
        meta = _meta(self._declared[metric])
        return bool(meta.get(PERIOD)) or any(map(self.requires_period, self._inputs(metric)))

    def check(self, metric: str, path: str) -> None:
        """Reject a metric by a dimension or an entity, as a group or as a filter.

        Raises:
            MetricsStoreError: It has no meaning by it.
        """
        reason = self.reason(metric, path)
        if reason is not None:
            raise MetricsStoreError(
                f"{metric} has no meaning by {path}: {reason.strip().rstrip('.')}",
                where=path,
                expected=f"to group or filter it by what `metrics list {metric}` shows",
            )

    def undefined_names(self) -> Iterator[tuple[str, str]]:
        """Give each metric with a name in its `not_by` that nothing in the project has."""
        known = {METRIC_TIME, *self._grains}
        for model in self._models:
            known |= {one.name for one in (*model.dimensions, *model.entities)}
            known |= {model.primary_entity} if model.primary_entity else set()
        for metric in self._declared.values():
            for name in _declared_exclusions(metric):
                if not known.issuperset(name.split(_LINK)):
                    yield metric.name, name

    def _inputs(self, metric: str) -> list[str]:
        inputs = MetricLookup.metric_inputs(
            self._declared[metric], include_conversion_metric_input=False
        )
        return [one.name for one in inputs]

    def _is_grain(self, name: str) -> bool:
        return name in self._grains or name.split(_LINK, maxsplit=1)[0] == METRIC_TIME


def is_hidden(config: SemanticLayerElementConfig | None) -> bool:
    """Whether a dimension is there for definitions, and not for people to choose."""
    return bool(config and config.meta.get(HIDDEN))


def _meta(metric: PydanticMetric) -> dict[str, Any]:
    return metric.config.meta if metric.config else {}


def _declared_exclusions(metric: PydanticMetric) -> dict[str, str]:
    declared: Any = _meta(metric).get(KEY) or {}
    if not isinstance(declared, dict) or not all(
        isinstance(name, str) and (reason is None or isinstance(reason, str))
        for name, reason in declared.items()
    ):
        raise MetricsStoreError(
            "what a metric has no meaning by cannot be understood",
            where=f"{metric.name}, config.meta.{KEY}",
            expected="a name and a reason each, as in `status: An order has one.`",
        )
    return {name.lower(): (reason or "").strip() for name, reason in declared.items()}


def _matches(name: str, parts: list[str]) -> bool:
    """Whether a name is whole parts of a path, in their order."""
    return f"{_LINK}{name}{_LINK}" in f"{_LINK}{_LINK.join(parts)}{_LINK}"
