"""Metrics, dimensions, entities, measures and saved queries, as interfaces list them in JSON."""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - read by pydantic
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

from metrics_store.errors import MetricsStoreError, NotFoundError

if TYPE_CHECKING:
    from metrics_store.query.definitions.definitions import Definitions


class Listed(BaseModel):
    """One thing of a list."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class ListedDeprecation(Listed):
    """What is known of a deprecated metric's end."""

    since: str | None = Field(default=None, description="The metric's version that began it.")
    sunset: dt.date | None = Field(default=None, description="The last day it is sure to be there.")
    replacement: str | None = Field(default=None, description="The metric to ask for instead.")
    reason: str | None = Field(default=None, description="Why, in words.")


class ListedMetric(Listed):
    """A metric."""

    name: str = Field(description="What it is asked by.")
    label: str = Field(description="What people call it.")
    description: str = Field(description="What it means.")
    type: str = Field(description="simple, ratio, derived, cumulative or conversion.")
    unit: str | None = Field(default=None, description="The unit of its values.")
    grains: list[str] = Field(description="Grains that `metric_time` can have, finest first.")
    requires_metric_time: bool = Field(description="Whether it answers only by `metric_time`.")
    not_by: dict[str, str] = Field(
        default={}, description="Names that it cannot be grouped or filtered by, and why."
    )
    meta: dict[str, Any] = Field(default={}, description="Its `config.meta`.")
    deprecated: ListedDeprecation | None = Field(
        default=None, description="What is known of its end, where it is deprecated."
    )


class ListedDimension(Listed):
    """A dimension."""

    qualified_name: str = Field(description="What it is asked by.")
    name: str = Field(description="Its own name.")
    description: str = Field(description="What it means.")
    type: str = Field(description="categorical or time.")
    label: str | None = Field(default=None, description="What people call it.")
    grains: list[str] = Field(default=[], description="Grains that a time can have.")
    meta: dict[str, Any] = Field(default={}, description="Its `config.meta`.")


class ListedEntity(Listed):
    """An entity."""

    name: str = Field(description="What it is asked by.")
    description: str = Field(description="What it is.")
    type: str = Field(description="primary, foreign, unique or natural.")
    role: str | None = Field(default=None, description="What it is to its semantic model.")


class ListedMeasure(Listed):
    """A measure."""

    name: str = Field(description="Its name.")
    agg: str = Field(description="How it is aggregated.")
    agg_time_dimension: str | None = Field(default=None, description="The time it counts by.")


class ListedGroupBy(Listed):
    """What a saved query groups by."""

    name: str = Field(description="The qualified name, without grain.")
    grain: str | None = Field(default=None, description="The grain of a time.")
    date_part: str | None = Field(default=None, description="The part of a time.")
    requested_as: str = Field(description="The name as requests have it.")


class ListedSavedQuery(Listed):
    """A saved query."""

    name: str = Field(description="What it is asked by.")
    label: str = Field(description="What people call it.")
    description: str = Field(description="What it shows.")
    metrics: list[str] = Field(description="The metrics that it asks for.")
    group_by: list[ListedGroupBy] = Field(description="What it groups by.")
    where: list[str] = Field(description="Its filters; all of them hold.")


class DescribedMetric(ListedMetric):
    """A metric with all that it can be asked by."""

    dimensions: list[ListedDimension] = Field(description="What it can be grouped by.")
    entities: list[ListedEntity] = Field(description="Whom it can be grouped by.")
    measures: list[ListedMeasure] = Field(description="What it is made of.")


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
