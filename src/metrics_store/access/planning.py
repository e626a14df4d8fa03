"""Plans over the rows that a caller may see."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from metrics_store.access.authorisation import authorise
from metrics_store.access.restriction import restricted
from metrics_store.query.filters.literals import render_value

if TYPE_CHECKING:
    from metrics_store.access.grant import Grant
    from metrics_store.access.rows import Scope
    from metrics_store.query.planner import Planner
    from metrics_store.query.request import MetricRequest

# A planner that has planned holds some megabytes.
_KEPT = 16


class GrantedPlanner:
    """Plans requests for callers, each over their own rows; safe to use from any thread."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._kept: OrderedDict[Scope, Planner] = OrderedDict()
        self._lock = threading.Lock()

    def plan(self, request: MetricRequest, grant: Grant | None) -> str:
        """Give the SQL that answers a request.

        Raises:
            MetricsStoreError: The caller may not ask it, or it does not fit the definitions.
        """
        return self.over(authorise(request, grant, self._planner)).plan(request)

    def over(self, scope: Scope) -> Planner:
        """Give a planner whose sources have no other rows than those of a scope."""
        if scope.is_everything:
            return self._planner
        with self._lock:
            found = self._kept.pop(scope, None)
            if found is None:
                manifest = restricted(self._planner.manifest, scope, render_value)
                found = self._planner.over(manifest)
            self._kept[scope] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found
