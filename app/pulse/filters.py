"""The sidebar: which days, and which opportunities."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from metrics_store.app.questions.conditions import is_one_of, is_true
from metrics_store.app.questions.date_ranges import DateRange, last_months

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulse.subject import Subject

ACTIVE = "account__is_active"
# In the order of the sidebar; the short names are those of links.
DIMENSIONS = {
    "industry": ("account__industry", "Industry"),
    "account_type": ("account__account_type", "Account type"),
    "stage": ("stage__stage_name", "Stage"),
    "team": ("owner__team", "Team"),
    "owner": ("owner__owner_label", "Owner"),
    "crm": ("opportunity__crm_source", "CRM"),
}
_NONE = "(none)"
_MONTHS = 12


@dataclass(frozen=True)
class Filters:
    """What is looked at.

    Attributes:
        days: The days of cards and courses.
        chosen: Short name -> values; of those that are not there, any.
        active_only: Whether accounts have to be active.
    """

    days: DateRange
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    active_only: bool = False

    @property
    def where(self) -> tuple[str, ...]:
        """The filters of a question."""
        return self.of(*DIMENSIONS, "active")

    def of(self, *names: str) -> tuple[str, ...]:
        """Give those of the filters that have these short names."""
        found = [
            is_one_of(dimension, [None if one == _NONE else one for one in self.chosen[name]])
            for name, (dimension, _) in DIMENSIONS.items()
            if name in names and self.chosen.get(name)
        ]
        return (*found, *([is_true(ACTIVE)] if self.active_only and "active" in names else []))

    def beyond(self, *names: str) -> list[str]:
        """Name what is filtered by, but for these."""
        found = [
            label
            for name, (_, label) in DIMENSIONS.items()
            if name not in names and self.chosen.get(name)
        ]
        return [*found, *(["Active accounts"] if self.active_only else [])]

    def parameters(self) -> dict[str, str | list[str]]:
        """Give the parameters of a link to what is looked at."""
        given: dict[str, str | list[str]] = {
            "from": f"{self.days.first:%Y-%m-%d}",
            "to": f"{self.days.last:%Y-%m-%d}",
            "active": "yes" if self.active_only else "",
            **{name: list(values) for name, values in self.chosen.items()},
        }
        return {name: value for name, value in given.items() if value}


def choose_filters(subject: Subject) -> Filters:
    """Show the sidebar, as the link has it at first, and give what is chosen."""
    with st.sidebar:
        st.header("What to look at")
        days = _choose_days(subject.newest)
        chosen = {}
        for name, (dimension, label) in DIMENSIONS.items():
            values = _values(subject, dimension)
            linked = [one for one in st.query_params.get_all(name) if one in values]
            picked = st.multiselect(
                label, values, default=linked, key=f"pulse.{name}", placeholder="All"
            )
            if picked:
                chosen[name] = tuple(picked)
        active = st.toggle(
            "Active accounts only", st.query_params.get("active") == "yes", key="pulse.active"
        )
    return Filters(days, chosen, active)


def _choose_days(newest: dt.date) -> DateRange:
    default = last_months(newest, _MONTHS)
    first = st.date_input(
        "From", _linked("from") or default.first, key="pulse.from", max_value=newest
    )
    last = st.date_input("To", _linked("to") or default.last, key="pulse.to", max_value=newest)
    if first is None or last is None or first > last:
        st.warning(f"The range ends before it begins; shown is {default}.")
        return default
    return DateRange(first, last)


def _linked(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(st.query_params.get(name, ""))
    except ValueError:
        return None


def _values(subject: Subject, dimension: str) -> list[str]:
    found = subject.connection.dimension_values(dimension, ["open_pipeline"])
    values = found.table.column(0).to_pylist()
    return [_NONE if one is None else str(one) for one in values]
