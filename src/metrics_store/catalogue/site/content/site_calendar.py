"""The time of the data: the reference date, and the periods that are over by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.spans.asked_period import Place, RelativePeriod

if TYPE_CHECKING:
    import datetime as dt

    from metrics_store.catalogue.site.content.site_client import SiteClient


@dataclass(frozen=True)
class SiteCalendar:
    """What is over, and what is still to come, in the data.

    Attributes:
        client: Knows the calendar of the data.
        reference: The last day that the data tell of; none where the definitions declare none.
    """

    client: SiteClient
    reference: dt.date | None
    _last: dict[str, dt.date | None] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, client: SiteClient) -> SiteCalendar:
        """Read the calendar; one whose reference date cannot be read declares none."""
        try:
            return cls(client, client.reference_date())
        except MetricsStoreError:
            return cls(client, None)

    def last_period(self, grain: str) -> dt.date | None:
        """Give the first day of the last period that is over; none where that is not known."""
        if grain not in self._last:
            self._last[grain] = self._last_period(grain)
        return self._last[grain]

    def _last_period(self, grain: str) -> dt.date | None:
        if self.reference is None:
            return None
        try:
            dated = self.client.dated(MetricRequest(period=RelativePeriod(Place.LAST, 1, grain)))
        except MetricsStoreError:
            # The calendar does not have it, or it has no such grain.
            return None
        return None if dated.start_time is None else dated.start_time.date()
