"""Fiscal quarters from the running one on, each whole."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa
import pyarrow.compute as pc

from metrics_store.app.questions.date_ranges import DateRange, months_before

QUARTER = "metric_time__fiscal_quarter"
_YEARS_AHEAD = 3
# The running quarter began in this month or in one of the two before it.
_EARLIER = 2


def days_of_quarters(newest: dt.date) -> DateRange:
    """Give days that the whole of the running quarter and those ahead lie in."""
    first = months_before(newest.replace(day=1), _EARLIER) or newest
    return DateRange(first, dt.date(newest.year + _YEARS_AHEAD, 12, 31))


def whole_quarters(table: pa.Table, days: DateRange) -> pa.Table:
    """Give the rows of quarters that lie in the days as a whole: what began before is a part."""
    begins = table.column(QUARTER)
    first = pa.scalar(dt.datetime.combine(days.first, dt.time()), begins.type)
    whole: pa.Table = table.filter(pc.greater_equal(begins, first))
    return whole
