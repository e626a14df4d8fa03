"""What callers may see of one snapshot: the rows of a request, and a planner over those alone."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from metrics_store.access.policies.grant import Grant
    from metrics_store.access.policies.policies import Policies
    from metrics_store.access.principal import Principal
    from metrics_store.access.row_filters import Scope
    from metrics_store.query.filters.filter_tree import Value
    from metrics_store.query.metric_request import MetricRequest
    from metrics_store.query.planner import Planner

# A planner that has planned holds some megabytes, a scope some bytes.
_PLANNERS = 16
_SCOPES = 4_096
_Kept = TypeVar("_Kept")


class Permissions:
    """The policies of a snapshot, worked out once for each question of each kind of caller.

    Args:
        policies: The policies; none where everybody sees all.
        planner: Knows all definitions; none where there are no policies.
    """

    def __init__(self, policies: Policies | None, planner: Planner | None) -> None:
        self._policies = policies
        self._planner = planner
        self._scopes: OrderedDict[Hashable, Scope] = OrderedDict()
        self._planners: OrderedDict[Hashable, Planner] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def are_given(self) -> bool:
        """Whether there are policies."""
        return self._policies is not None

    def grant(self, principal: Principal) -> Grant | None:
        """Say what somebody may see; none where it is everything."""
        return None if self._policies is None else self._policies.grant_for(principal)

    def scope(self, request: MetricRequest, shape: str, principal: Principal) -> Scope | None:
        """Give the rows that the answer to a request may be made of; none where it is all rows.

        Args:
            request: The request.
            shape: The same for all requests that differ in values only: none of them is a name.
            principal: Who asks.

        Raises:
            MetricsStoreError: The caller may not ask this, or the request names what is not there.
        """
        grant = self.grant(principal)
        if grant is None or self._planner is None:
            return None
        key = (grant.key, shape)
        with self._lock:
            found = self._scopes.get(key)
        if found is None:
            # Here, so that without policies nobody waits for MetricFlow to be imported.
            from metrics_store.access.authorisation.authorisation import authorise  # noqa: PLC0415

            found = authorise(request, grant, self._planner)
            with self._lock:
                _keep(self._scopes, key, found, _SCOPES)
        return None if found.is_everything else found

    def planner(self, scope: Scope | None, planner: Planner) -> Planner:
        """Give a planner over the rows of a scope, with markers where its values stand."""
        if scope is None:
            return planner
        key = (scope.rows.shape, scope.has_metrics)
        with self._lock:
            found = self._planners.get(key)
            if found is None:
                from metrics_store.access.authorisation.restriction import restricted  # noqa: PLC0415 - as above
                from metrics_store.query.filters.filter_tree import Marker  # noqa: PLC0415
                from metrics_store.query.filters.sql_literals import render_value  # noqa: PLC0415

                numbers = itertools.count()
                manifest = restricted(
                    planner.manifest, scope, lambda _: render_value(Marker(_label(next(numbers))))
                )
                found = planner.over(manifest)
            _keep(self._planners, key, found, _PLANNERS)
        return found


def row_values(scope: Scope | None) -> Mapping[str, Value]:
    """Give the values of a scope's rows by the labels of their markers."""
    if scope is None:
        return {}
    return {_label(number): value for number, value in enumerate(scope.rows.values)}


def _label(number: int) -> str:
    return f"row{number}"


def _keep(kept: OrderedDict[Hashable, _Kept], key: Hashable, value: _Kept, room: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > room:
        kept.popitem(last=False)
