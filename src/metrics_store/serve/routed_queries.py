"""Queries that clients may poll at any worker: the id says which worker has the query."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from metrics_store.serve.polled_queries import PolledQueries, QueryPage

if TYPE_CHECKING:
    from metrics_store.access.principal import Principal
    from metrics_store.serve.peers import Functions, Peers
    from metrics_store.serve.polled_queries import Limits

_ID = re.compile(r"w(\d{1,3})-[0-9a-f]{32}", re.ASCII)


class RoutedQueries(PolledQueries):
    """The queries of one worker, and a way to those of the others.

    Args:
        limits: How many queries this worker keeps.
        peers: The workers.
    """

    def __init__(self, limits: Limits, peers: Peers) -> None:
        super().__init__(limits, prefix=f"w{peers.number}-")
        self._peers = peers

    @property
    def functions(self) -> Functions:
        """What the other workers call."""
        return {"look": super().look, "cancel": super().cancel}

    def look(self, principal: Principal, query_id: str, page_num: int) -> QueryPage:
        """Give a query of a principal as it is now; see `PolledQueries`."""
        home = self._home(query_id)
        if home == self._peers.number:
            return super().look(principal, query_id, page_num)
        page: QueryPage = self._peers.call(home, "look", principal, query_id, page_num)
        return page

    def cancel(self, principal: Principal, query_id: str) -> None:
        """Stop a query that is not done yet; see `PolledQueries`."""
        home = self._home(query_id)
        if home == self._peers.number:
            super().cancel(principal, query_id)
        else:
            self._peers.call(home, "cancel", principal, query_id)

    def _home(self, query_id: str) -> int:
        """Give the worker that has a query; this one where none can have it."""
        found = _ID.fullmatch(query_id)
        number = int(found[1]) if found else 0
        return number if 1 <= number <= self._peers.count else self._peers.number
