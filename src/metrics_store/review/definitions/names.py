"""What a name in a filter or a saved query stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.parsing.text_input.ti_description import QueryItemType

from metrics_store.query.names import METRIC_TIME
from metrics_store.review.definitions.definition import Kind, fingerprint, identity
from metrics_store.review.definitions.spines import grain_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from metricflow_semantic_interfaces.parsing.text_input.ti_description import (
        ObjectBuilderItemDescription,
    )

    from metrics_store.review.definitions.scope import Scope

_SEPARATOR = "__"
_STANDARD_GRAINS = {"day", "week", "month", "quarter", "year"}


def used_by(said: ObjectBuilderItemDescription) -> list[str]:
    """Give the identities of the definitions that a name stands for; some may not exist."""
    if said.item_type is QueryItemType.METRIC:
        return [identity(Kind.METRIC, said.item_name)]
    parts = [*said.entity_path, *said.item_name.lower().split(_SEPARATOR)]
    # The last part may be a grain.
    found = [identity(Kind.DIMENSION, _SEPARATOR.join(parts[-2:]))]
    found += [identity(Kind.DIMENSION, _SEPARATOR.join(parts[-3:-1]))] if len(parts) > 2 else []  # noqa: PLR2004
    grain = said.time_granularity_name or parts[-1]
    return [*found, identity(Kind.GRAIN, grain.lower())]


class Names:
    """Finds what names stand for.

    Args:
        scope: The semantic manifest.
        metric: Gives the fingerprint of a metric.
    """

    def __init__(self, scope: Scope, metric: Callable[[str], str]) -> None:
        self._scope = scope
        self._metric = metric
        self._grains = grain_values(scope)

    def value(self, said: ObjectBuilderItemDescription) -> str:
        """Give the fingerprint of what a name stands for: equal ones always have equal values."""
        if said.item_type is QueryItemType.METRIC:
            by = [self._path(name.split(_SEPARATOR)) for name in said.group_by_for_metric_item]
            return fingerprint("metric", self._metric(said.item_name), by)
        parts = [*said.entity_path, *said.item_name.split(_SEPARATOR)]
        grain = said.time_granularity_name
        if grain is None and len(parts) > 1 and parts[-1] in self._all_grains():
            grain = parts.pop()
        return fingerprint(
            self._path([part.lower() for part in parts]),
            self._grains.get(grain or "", grain),
            said.date_part_name,
        )

    def _all_grains(self) -> set[str]:
        spines = {spine["primary_column"]["time_granularity"] for spine in self._scope.spines}
        return {*self._grains, *spines, *_STANDARD_GRAINS}

    def _path(self, parts: list[str]) -> str:
        """Give the fingerprint of a dimension or an entity that is reached over entities."""
        *entities, last = parts
        if last == METRIC_TIME:
            return METRIC_TIME
        hops = [self._keys(entity) for entity in entities]
        found = []
        if entities:
            for model in self._scope.keyed_by(entities[-1]):
                found += [
                    self._scope.dimension_value(model, dimension)
                    for dimension in model.get("dimensions") or ()
                    if dimension["name"] == last
                ]
                found.append(self._scope.entity_value(model, last))
        else:
            hops.append(self._keys(last))
        found = sorted(value for value in found if value)
        return fingerprint(hops, found or last)

    def _keys(self, entity: str) -> list[str]:
        """Give the fingerprints of all columns that stand for an entity as a key."""
        keys = (self._scope.entity_value(model, entity) for model in self._scope.keyed_by(entity))
        return sorted(key for key in keys if key)
