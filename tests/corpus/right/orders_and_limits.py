"""The first of many, and what lies between two days."""

from __future__ import annotations

import datetime as dt

from corpus.right.cumulative import of_months
from corpus.right.ratio_and_derived import growth_by_month
from corpus.right.seeds import ORDERS, VISITS, Row, first_of_month, grouped, revenue


def top_three() -> list[Row]:
    found = grouped(ORDERS, lambda one: one.customer, revenue)
    return sorted(found, key=lambda row: row[1], reverse=True)[:3]


def nulls_last_downwards() -> list[Row]:
    found = grouped(ORDERS, lambda one: one.region, revenue)
    return sorted((row for row in found if row[0]), reverse=True)[:2]


def metric_nulls_downwards() -> list[Row]:
    known = [row for row in growth_by_month() if row[1] is not None]
    return sorted(known, key=lambda row: row[1], reverse=True)[:3]


def limit_none_of_one() -> list[Row]:
    return []


def to_a_day() -> list[Row]:
    return [(sum(visit.day <= dt.date(2024, 2, 10) for visit in VISITS),)]


def from_and_to_days() -> list[Row]:
    first, last = dt.date(2024, 2, 10), dt.date(2024, 3, 10)
    return grouped([one for one in ORDERS if first <= one.day <= last], lambda one: one.status, len)


def parts_of_months() -> list[Row]:
    first, last = dt.date(2024, 2, 10), dt.date(2024, 3, 10)
    between = [one for one in ORDERS if first <= one.day <= last]
    return grouped(between, lambda one: first_of_month(one.day), revenue)


def times_of_an_accumulation() -> list[Row]:
    return list(of_months(dt.date(2024, 3, 1), dt.date(2024, 4, 1)))


def alias() -> list[Row]:
    return grouped(ORDERS, lambda one: one.status, revenue)
