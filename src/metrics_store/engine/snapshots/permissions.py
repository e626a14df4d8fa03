"""The permissions of one snapshot: scopes of requests, and planners over their rows."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

from metrics_store.engine.call import NotKeptError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

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
_Cached = TypeVar("_Cached")


class Permissions:
    """The scopes and planners of a snapshot's policies, cached by grant and request.

    Args:
        policies: The policies; none where everything is visible to all.
        planner: Knows all definitions; none where there are no policies.
    """

    def __init__(self, policies: Policies | None, planner: Planner | None) -> None:
        self._policies = policies
        self._planner = planner
        self._scopes: OrderedDict[Hashable, Scope] = OrderedDict()
        self._planners: OrderedDict[Hashable, Planner] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def exist(self) -> bool:
        """Whether there are policies."""
        return self._policies is not None

    def grant(self, principal: Principal) -> Grant | None:
        """Give the grant of a principal; none where everything is visible."""
        return None if self._policies is None else self._policies.grant_for(principal)

    def scope(
        self, request: MetricRequest, shape: str, principal: Principal, *, at_once: bool = False
    ) -> Scope | None:
        """Give the scope of a request; none where it is all rows.

        Args:
            request: The request.
            shape: The same for all requests that differ in values only: none of them is a name.
            principal: The principal who sent it.
            at_once: Only if it was worked out before.

        Raises:
            NotKeptError: It is wanted at once, and was not worked out before.
            MetricsStoreError: The principal may not make this request, or a name does not exist.
        """
        grant = self.grant(principal)
        if grant is None or self._planner is None:
            return None
        key = (grant.key, shape)
        with self._lock:
            found = self._scopes.get(key)
        if found is None and at_once:
            raise NotKeptError
        if found is None:
            # Here, so that without policies nobody waits for MetricFlow to be imported.
            from metrics_store.access.authorisation.authorisation import authorise  # noqa: PLC0415

            found = authorise(request, grant, self._planner)
            with self._lock:
                _put(self._scopes, key, found, _SCOPES)
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

                found = planner.over(
                    restricted(planner.manifest, scope, row_markers(), planner.sql_dialect)
                )
            _put(self._planners, key, found, _PLANNERS)
        return found


def row_markers() -> Callable[[Value], str]:
    """Give what writes, in the place of a scope's values, their markers one after the other."""
    from metrics_store.query.filters.filter_tree import Marker  # noqa: PLC0415 - as above
    from metrics_store.query.filters.sql_literals import render_value  # noqa: PLC0415

    numbers = itertools.count()
    return lambda _: render_value(Marker(_label(next(numbers))))


def row_values(scope: Scope | None) -> Mapping[str, Value]:
    """Give the values of a scope's rows by the labels of their markers."""
    if scope is None:
        return {}
    return {_label(number): value for number, value in enumerate(scope.rows.values)}


def _label(number: int) -> str:
    return f"row{number}"


def _put(
    cache: OrderedDict[Hashable, _Cached], key: Hashable, value: _Cached, capacity: int
) -> None:
    cache[key] = value
    cache.move_to_end(key)
    while len(cache) > capacity:
        cache.popitem(last=False)
