"""Resolves a request: every name in full, times with their grain, or a clear error."""

from __future__ import annotations

import dataclasses
import functools
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.date_parts import split_date_part, with_date_part
from metrics_store.query.filters.filter_checker import check_filter
from metrics_store.query.filters.filter_tree import Constant, Kind, Name
from metrics_store.query.metric_aliases import check_alias
from metrics_store.query.metric_time import known_grains
from metrics_store.query.resolution.applicability_checker import ApplicabilityChecker
from metrics_store.query.resolution.definition_resolver import DefinitionResolver
from metrics_store.query.resolution.order_resolver import resolve_order_by, with_ties_ordered
from metrics_store.query.resolution.requested_names import saved_group_bys
from metrics_store.query.resolution.time_grains import timed
from metrics_store.query.resolution.time_span import span_conditions
from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from metrics_store.query.filters.filter_tree import Filter
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.resolution.definition_lookup import DefinitionLookup
    from metrics_store.query.resolution.time_grains import TimeGrains

# What warehouses count rows with.
_MOST_ROWS = 2**63 - 1


def resolve_request(lookup: DefinitionLookup, request: MetricRequest) -> MetricRequest:
    """Give the request with every name known and its filter's names told apart.

    Raises:
        MetricsStoreError: A name does not exist, does not fit, or has a grain that a metric is not
            meant for.
    """
    metrics, saved = _requested(lookup, request)
    declared = {metric.name: metric for metric in lookup.public_metrics}
    for metric in metrics:
        if metric not in declared:
            raise unknown_name(
                "there is no such metric", metric, declared, "`metrics list` shows the metrics"
            )
    _check_aliases(request)
    _check_limit(request.limit)
    applicability = ApplicabilityChecker(lookup, {metric: declared[metric] for metric in metrics})
    applicability.check(request)
    request = _with_conditions(lookup, request, metrics)
    grains = known_grains(lookup.manifest)
    if not (request.group_by or request.order_by or request.where):
        # What else a saved query asks was resolve_request when dbt parsed it.
        return request
    names = DefinitionResolver.of(lookup, metrics)
    times = functools.partial(lookup.time_grains, metrics)
    full = functools.partial(_full_group_by, names, times=times)
    group_by = tuple(map(full, request.group_by))
    _check_duplicates(request.group_by, group_by)
    for name in group_by:
        applicability.check_group_by(name, names.resolve(Name(split_date_part(name)[0])).path)
    applicable = applicability.wrap(names.resolve)

    def resolve(name: Name, by_time_of_day: bool) -> Name:  # noqa: FBT001 - by position
        try:
            found = applicable(name)
        except MetricsStoreError:
            if name.kind is Kind.UNSPECIFIED and name.path in declared:
                raise _not_asked(name) from None
            raise
        if found.kind is not Kind.TIME_DIMENSION:
            return found
        return timed(found, times(found.path), by_time_of_day=by_time_of_day)

    in_full = dict(zip(request.group_by, group_by, strict=True))
    ordered = dataclasses.replace(
        request, order_by=[_in_full(name, in_full) for name in request.order_by]
    )
    # MetricFlow knows what a saved query groups by as it is written there.
    columns = {name: full(name) for name in saved} | {name: name for name in (*metrics, *group_by)}
    return dataclasses.replace(
        request,
        group_by=group_by,
        order_by=with_ties_ordered(
            resolve_order_by(ordered, columns, grains, lambda name: _full_or_same(names, name)),
            (*saved, *group_by),
        ),
        where=_resolved_filter(request.where, resolve),
    )


def _not_asked(metric: Name) -> MetricsStoreError:
    return MetricsStoreError(
        "a filter is on the values of a metric that is not asked for",
        where=str(metric),
        remedy=f"ask for {metric} too",
    )


def _with_conditions(
    lookup: DefinitionLookup, request: MetricRequest, metrics: Sequence[str]
) -> MetricRequest:
    """Give the request with conditions in the place of its start and end."""
    grains = {metric: lookup.finest_grain(metric) for metric in metrics}
    conditions = tuple(span_conditions(request, grains))
    return dataclasses.replace(request, start_time=None, end_time=None, conditions=conditions)


def _full_group_by(
    names: DefinitionResolver, group_by: str, times: Callable[[str], TimeGrains] | None = None
) -> str:
    """Give a group-by with all entities that lead to it, and a time with its grain."""
    path, date_part = split_date_part(group_by.lower())
    found = names.resolve(Name(path))
    if date_part is None:
        if times is not None and found.kind is Kind.TIME_DIMENSION and found.grain is None:
            # It may be requested by several.
            return f"{found.path}__{times(found.path).default}"
        return str(found)
    if found.kind is not Kind.TIME_DIMENSION or found.grain:
        raise MetricsStoreError("only a time without grain has such a part", where=group_by)
    return with_date_part(found.path, date_part)


def _in_full(name: str, in_full: Mapping[str, str]) -> str:
    bare = name.removeprefix("-")
    return name.removesuffix(bare) + in_full.get(bare, bare)


def _resolved_filter(where: Filter | None, resolve: Callable[[Name, bool], Name]) -> Filter | None:
    if where is None or where == Constant(holds=True):
        return None
    return check_filter(where, resolve)


def _full_or_same(names: DefinitionResolver, name: str) -> str:
    try:
        return _full_group_by(names, name)
    except MetricsStoreError:
        return name


def _check_duplicates(requested: Sequence[str], full: Sequence[str]) -> None:
    """Reject one thing under two names."""
    names: dict[str, str] = {}
    for short, name in zip(requested, full, strict=True):
        if name in names:
            raise MetricsStoreError("the same is asked for twice", where=f"{names[name]}, {short}")
        names[name] = short


def _check_limit(limit: int | None) -> None:
    if limit is not None and not 0 <= limit <= _MOST_ROWS:
        raise MetricsStoreError(
            "there is no such number of rows",
            where=f"limit {str(limit)[:40]}",
            expected=f"0 to {_MOST_ROWS}",
        )


def _check_aliases(request: MetricRequest) -> None:
    taken = {*request.metrics, *request.group_by}
    for metric, alias in request.aliases:
        if metric not in request.metrics:
            raise MetricsStoreError("what has an alias is not asked for", where=metric)
        if check_alias(alias) in taken:
            raise MetricsStoreError("two columns would have the same name", where=alias)
        taken.add(alias)


def _requested(
    lookup: DefinitionLookup, request: MetricRequest
) -> tuple[Sequence[str], Sequence[str]]:
    """Give the metrics of a request, and what its saved query groups by."""
    if request.saved_query is None:
        if not request.metrics and not request.group_by:
            raise MetricsStoreError(
                "nothing is asked for", remedy="`metrics list` shows the metrics"
            )
        requested = [*request.metrics, *request.group_by]
        if len(set(requested)) < len(requested):
            twice = next(name for name in requested if requested.count(name) > 1)
            raise MetricsStoreError("the same is asked for twice", where=twice)
        return request.metrics, ()
    saved = {one.name: one.query_params for one in lookup.manifest.saved_queries}
    if request.saved_query not in saved:
        raise unknown_name(
            "there is no such saved query",
            request.saved_query,
            saved,
            "the saved queries are " + ", ".join(sorted(saved)) if saved else "",
        )
    parameters = saved[request.saved_query]
    if request.metrics or request.group_by:
        raise MetricsStoreError(
            "a saved query has metrics and group-bys of its own",
            where=request.saved_query,
            remedy="ask for the saved query alone, or for the metrics",
        )
    return parameters.metrics, saved_group_bys(parameters)
