"""Which periods lie whole within which longer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantic_interfaces.type_enums import TimeGranularity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metricflow_semantics.specs.time_dimension_spec import TimeDimensionSpec


def lies_within(fine: TimeDimensionSpec, coarse: TimeDimensionSpec) -> bool:
    """Whether each of the fine periods lies in one of the coarse ones."""
    if fine == coarse:
        return True
    if fine.has_custom_grain or fine.date_part is not None:
        return False
    grain = fine.base_granularity
    if grain.to_int() <= TimeGranularity.DAY.to_int():
        # Custom grains and parts of dates are made of days.
        return (
            coarse.has_custom_grain or coarse.date_part is not None or not _is_finer(coarse, grain)
        )
    if coarse.has_custom_grain or coarse.date_part is not None:
        return False
    return grain_lies_within(grain, coarse.base_granularity)


def grain_lies_within(fine: TimeGranularity, coarse: TimeGranularity) -> bool:
    """Say the same of two of MetricFlow's own grains; weeks cross all that is longer."""
    return fine is coarse or (fine is not TimeGranularity.WEEK and fine.to_int() < coarse.to_int())


def finest(periods: Sequence[TimeDimensionSpec]) -> TimeDimensionSpec | None:
    """Give the periods that lie whole within all the others, where there are such."""
    return next((one for one in periods if all(lies_within(one, other) for other in periods)), None)


def _is_finer(spec: TimeDimensionSpec, grain: TimeGranularity) -> bool:
    return bool(spec.base_granularity.to_int() < grain.to_int())
