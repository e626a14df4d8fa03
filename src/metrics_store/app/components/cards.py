"""Cards: a metric's value, what it was in the period before, and its course."""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import streamlit as st

from metrics_store.app.components.labels import plain
from metrics_store.app.components.units import short, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics_store.client import ListedMetric

_LOWER = "lower"
Number = int | float | decimal.Decimal


@dataclass(frozen=True)
class Card:
    """What a card shows.

    Attributes:
        metric: The metric.
        value: Its value; None where it has none.
        before: Its value in the period before; None where it had none.
        course: Its values over time, the oldest first.
        why: Why there is no value, or what else is to be known.
        label: What stands above it, where that is not the metric's own label.
        note: What stands below the value, in the place of what it was.
    """

    metric: ListedMetric
    value: object
    before: object = None
    course: Sequence[object] = ()
    why: str = ""
    label: str = ""
    note: str = ""


def show_card(card: Card) -> None:
    """Show a card; the arrow says which way it went, the colour whether that is good."""
    unit = card.metric.unit
    points = [float(one) for one in card.course if isinstance(one, Number)]
    went = _direction(card)
    st.metric(
        plain(card.label or card.metric.label),
        short(card.value, unit),
        card.note or (f"was {short(card.before, unit)}" if card.before is not None else None),
        delta_arrow=went or "off",
        delta_color=_colour(card.metric, went),
        help=_help(card),
        chart_data=points if len(points) > 1 else None,
        border=True,
        height="stretch",
    )


def _direction(card: Card) -> Literal["", "up", "down"]:
    now, before = card.value, card.before
    if not isinstance(now, Number) or not isinstance(before, Number) or now == before:
        return ""
    return "up" if now > before else "down"


def _colour(metric: ListedMetric, went: str) -> Literal["off", "green", "orange"]:
    if not went:
        return "off"
    good = "down" if metric.meta.get("direction") == _LOWER else "up"
    return "green" if went == good else "orange"


def _help(card: Card) -> str:
    exact = shown(card.value, card.metric.unit)
    text = f"{plain(card.metric.description)}\n\n`{card.metric.name}`: {plain(exact)}"
    return f"**{plain(card.why)}**\n\n{text}" if card.why else text
