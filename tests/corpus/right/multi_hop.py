"""What is asked by agents, who look after the customers of orders and visits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from corpus.right.seeds import (
    AGENTS,
    CUSTOMERS,
    ORDERS,
    VISITS,
    Agent,
    Order,
    Row,
    Visit,
    grouped,
    month,
    revenue,
)
from corpus.right.seeds import share as part_of

if TYPE_CHECKING:
    from collections.abc import Callable

NOBODY = Agent(0, None, None, None)


def agent_of(one: Order | Visit) -> Agent:
    customer = CUSTOMERS[one.customer] if one.customer else None
    return AGENTS[customer.agent] if customer and customer.agent else NOBODY


def _orders(*teams: str | None) -> list[Order]:
    return [order for order in ORDERS if agent_of(order).team in teams]


def _visits(holds: Callable[[Agent], bool]) -> list[Row]:
    return [(sum(holds(agent_of(visit)) for visit in VISITS),)]


def by_team() -> list[Row]:
    return grouped(ORDERS, lambda one: agent_of(one).team, len)


by_team_in_short = by_team


def by_agent() -> list[Row]:
    return grouped(ORDERS, lambda one: agent_of(one).number or None, revenue)


by_agent_in_short = by_agent


def by_year_hired() -> list[Row]:
    def year(order: Order) -> dt.date | None:
        hired = agent_of(order).hired_on
        return hired and hired.replace(month=1, day=1)

    return grouped(ORDERS, year, revenue)


def team() -> list[Row]:
    return [(revenue(_orders("harvest")),)]


team_by_path = team


def team_without_braces() -> list[Row]:
    return grouped(_orders("harvest"), lambda one: one.region, revenue)


def team_in_short() -> list[Row]:
    return [(revenue(_orders("harvest", "ÄPFEL", None)),)]


def hired_before() -> list[Row]:
    return _visits(lambda one: one.hired_on is not None and one.hired_on < dt.date(2023, 7, 1))


hired_before_by_path = hired_before_by_grain = hired_before


def agent() -> list[Row]:
    return _visits(lambda one: one.number in (1, 4))


agent_by_path = agent_in_short = agent


def grouped_and_filtered() -> list[Row]:
    return grouped(_orders("harvest", "Orchard"), lambda one: agent_of(one).name, revenue, len)


def share() -> list[Row]:
    orders = _orders("harvest")
    return [(part_of(revenue(one for one in orders if one.status == "paid"), revenue(orders)),)]


def previous_month() -> list[Row]:
    found = grouped(_orders("harvest"), month, revenue)
    return [((one + dt.timedelta(days=31)).replace(day=1), value) for one, value in found]


def values() -> list[Row]:
    return [(team,) for team in {agent_of(one).team for one in ORDERS}]


values_in_short = values
