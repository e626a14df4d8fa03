"""Visitors who order: each visitor of a day, once, who orders within the window."""

from __future__ import annotations

from corpus.right.seeds import ORDERS, VISITS, Row


def _converted(window: int | None) -> int:
    """Count the customers who order on a visit's day or later, less than so many days later."""
    return len(
        {
            visit.customer
            for visit in VISITS
            for order in ORDERS
            if order.customer == visit.customer
            and visit.day <= order.day
            and (window is None or (order.day - visit.day).days < window)
        }
    )


def visit_to_order() -> list[Row]:
    return [(_converted(7) / len({visit.customer for visit in VISITS}),)]


def visitors_who_ordered() -> list[Row]:
    return [(_converted(None),)]


def visit_to_order_from_posters() -> list[Row]:
    """Ask of posters the customers who ordered after one, and after no later visit."""
    followed = set()
    for order in ORDERS:
        before = [
            visit
            for visit in VISITS
            if visit.customer == order.customer and 0 <= (order.day - visit.day).days < 7
        ]
        last = max(before, key=lambda visit: visit.day, default=None)
        if last is not None and last.source == "poster":
            followed.add(order.customer)
    visitors = {visit.customer for visit in VISITS if visit.source == "poster"}
    return [(len(followed) / len(visitors),)]
