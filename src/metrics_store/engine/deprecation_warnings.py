"""Warnings of deprecated metrics, for requests through any interface."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from metrics_store.query.definitions.deprecation import is_deprecated

if TYPE_CHECKING:
    import datetime as dt

    from metrics_store.access.principal import Principal
    from metrics_store.engine.snapshots.snapshot import Snapshot
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner


def deprecated_names(planner: Planner, request: MetricRequest) -> tuple[str, ...]:
    """Give the deprecated metrics that a request names itself, in its filter or by a saved query.

    What those are made of is their owner's to mend, and not the caller's. An order names nothing
    that is not asked for.

    Args:
        planner: Knows all definitions.
        request: A request that can be planned.
    """
    declared = {
        metric.name
        for metric in planner.public_metrics
        if metric.config and is_deprecated(metric.config.meta)
    }
    if not declared:
        return ()
    # Here, because it needs MetricFlow, which takes long to import.
    from metrics_store.access.authorisation.filter_references import filter_references  # noqa: PLC0415
    from metrics_store.query.resolution.saved_query_names import saved_query_names  # noqa: PLC0415

    named = {*request.metrics, *filter_references(request.where)[0]}
    for saved in planner.manifest.saved_queries:
        if saved.name == request.saved_query:
            named |= saved_query_names(saved, planner.manifest)[0]
    return tuple(sorted(declared & named))


def deprecation_warnings(
    live: Snapshot, names: tuple[str, ...], principal: Principal, today: dt.date
) -> tuple[str, ...]:
    """Give one line for each deprecated metric; it names no replacement that is hidden."""
    if not names:
        return ()
    grant = live.permissions.grant(principal)
    warnings = []
    for name in names:
        found = live.deprecations[name]
        if grant is not None and found.replacement and not grant.metric(found.replacement):
            found = dataclasses.replace(found, replacement=None, reason=None)
        warnings.append(f"the metric {name} is {found.words(today)}")
    return tuple(warnings)
