"""One metric with all that it can be grouped by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError, NotFoundError
from metrics_store.query.definitions.listed_entries import (
    DescribedMetric,
    ListedDimension,
    ListedEntity,
    ListedMeasure,
    ListedMetric,
)

if TYPE_CHECKING:
    from metrics_store.query.definitions.definitions import Definitions


def described_metric(definitions: Definitions, name: str) -> DescribedMetric:
    """Describe a metric.

    Raises:
        NotFoundError: There is none of that name.
    """
    try:
        found = ListedMetric.model_validate(definitions.metric(name))
    except MetricsStoreError as error:
        raise NotFoundError(
            error.what, where=error.where, expected=error.expected, remedy=error.remedy
        ) from None
    return DescribedMetric(
        **found.model_dump(),
        dimensions=[ListedDimension.model_validate(one) for one in definitions.dimensions([name])],
        entities=[ListedEntity.model_validate(one) for one in definitions.entities([name])],
        measures=[ListedMeasure.model_validate(one) for one in definitions.measures([name])],
    )
