"""What lies on the shelves on the first or the last day that is counted in a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from corpus.right.seeds import SHELVES, Row, Shelf, grouped, market_quarter, month

Period = Callable[[Shelf], Any]
Best = Callable[[Iterable[dt.date]], dt.date]


def _always(_: Shelf) -> dt.date:
    return dt.date.min


def _pieces(shelves: Iterable[Shelf]) -> int:
    return sum(shelf.quantity for shelf in shelves)


def _on_the_day(
    period: Period = _always, choose: Best = max, shelves: list[Shelf] = SHELVES
) -> list[Shelf]:
    """Give the shelves of the last day that any shelf was counted in each period."""
    days: dict[Any, set[dt.date]] = {}
    for shelf in shelves:
        days.setdefault(period(shelf), set()).add(shelf.day)
    return [shelf for shelf in shelves if shelf.day == choose(days[period(shelf)])]


def stock() -> list[Row]:
    return [(_pieces(_on_the_day()),)]


def stock_by_month() -> list[Row]:
    return grouped(_on_the_day(month), month, _pieces)


def stock_by_item() -> list[Row]:
    return grouped(_on_the_day(), lambda shelf: shelf.item, _pieces)


def stock_by_month_and_store() -> list[Row]:
    return grouped(_on_the_day(month), lambda shelf: (month(shelf), shelf.store), _pieces)


def stock_of_the_mill() -> list[Row]:
    return grouped([one for one in _on_the_day(month) if one.store == "mill"], month, _pieces)


def stock_of_the_mill_alone() -> list[Row]:
    assert not [one for one in _on_the_day() if one.store == "mill"]
    return [(None,)]


def stock_of_apples() -> list[Row]:
    return grouped([one for one in _on_the_day(month) if one.item == "apples"], month, _pieces)


def stock_of_bread_at_the_mill_and_the_station() -> list[Row]:
    return grouped(
        [one for one in _on_the_day(month) if one.item == "bread" and one.store != "harbour"],
        lambda shelf: (month(shelf), shelf.store),
        _pieces,
    )


def stock_at_start_by_month() -> list[Row]:
    return grouped(_on_the_day(month, min), month, _pieces)


def stock_change_by_month() -> list[Row]:
    start = dict(stock_at_start_by_month())
    return [(one, value - start[one]) for one, value in stock_by_month()]


def stock_until_mid_march() -> list[Row]:
    until = [one for one in SHELVES if one.day <= dt.date(2024, 3, 15)]
    return grouped(_on_the_day(shelves=until), lambda shelf: shelf.store, _pieces)


def stock_by_market_quarter() -> list[Row]:
    return grouped(_on_the_day(market_quarter), market_quarter, _pieces)
