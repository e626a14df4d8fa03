"""Values in their units."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

pytest.importorskip("streamlit", reason="the extra `app` is not installed")

from metrics_store.app.components.labels import plain, words
from metrics_store.app.components.theme import DARK, LIGHT
from metrics_store.app.components.units import short, shown
from metrics_store.app.explore.view import read_view
from metrics_store.app.questions.conditions import is_one_of
from metrics_store.app.questions.date_ranges import DateRange, last_months


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "currency", "\u2013"),
        (float("nan"), "ratio", "\u2013"),
        (Decimal("138511464.2964"), "currency", "138,511,464"),
        (Decimal("999.5"), "currency", "999.50"),
        (0.26789, "ratio", "26.8%"),
        (12.345, "days", "12.3 days"),
        (2723, "opportunities", "2,723"),
        (2.5, "points", "2.50"),
        (dt.datetime(2024, 12, 31), None, "2024-12-31"),
        (True, None, "True"),
    ],
)
def test_values_are_shown_in_their_units(value: object, unit: str | None, text: str) -> None:
    assert shown(value, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (Decimal("138511464.2964"), "currency", "138.5M"),
        (-2_500_000_000, "currency", "-2.5B"),
        (999_999, "opportunities", "999,999"),
        (1_000_000.0, None, "1.0M"),
        (0.26789, "ratio", "26.8%"),
        (0, "currency", "0"),
        (None, "currency", "\u2013"),
        (float("inf"), "currency", "\u2013"),
    ],
)
def test_cards_have_room_for_their_values(value: object, unit: str | None, text: str) -> None:
    assert short(value, unit) == text


def _days(first: str, last: str) -> DateRange:
    return DateRange(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (["a"], "x in ('a')"),
        (["a", "b", "c"], "x in ('a', 'b', 'c')"),
        (["a", "b", None], "(x in ('a', 'b') or x is null)"),
        ([None], "x is null"),
    ],
)
def test_a_missing_value_is_one_of_a_list_too(values: list[str | None], text: str) -> None:
    assert is_one_of("x", values) == text


@pytest.mark.parametrize(
    ("days", "before", "year_before"),
    [
        (("2024-04-01", "2024-06-30"), ("2024-01-01", "2024-03-31"), ("2023-04-01", "2023-06-30")),
        (("2024-02-01", "2024-02-29"), ("2024-01-01", "2024-01-31"), ("2023-02-01", "2023-02-28")),
        (("2023-02-01", "2023-02-28"), ("2023-01-01", "2023-01-31"), ("2022-02-01", "2022-02-28")),
        (("2024-01-01", "2024-12-31"), ("2023-01-01", "2023-12-31"), ("2023-01-01", "2023-12-31")),
        (("2024-03-05", "2024-03-11"), ("2024-02-27", "2024-03-04"), ("2023-03-05", "2023-03-11")),
        (("2024-02-29", "2024-02-29"), ("2024-02-28", "2024-02-28"), ("2023-02-28", "2023-02-28")),
    ],
)
def test_ranges_before(
    days: tuple[str, str], before: tuple[str, str], year_before: tuple[str, str]
) -> None:
    assert _days(*days).before() == _days(*before)
    assert _days(*days).year_before() == _days(*year_before)


def test_the_last_months_end_with_a_day() -> None:
    assert last_months(dt.date(2024, 12, 31), 12) == _days("2024-01-01", "2024-12-31")
    assert last_months(dt.date(2024, 3, 31), 2) == _days("2024-02-01", "2024-03-31")


def test_conditions_quote_their_values() -> None:
    assert is_one_of("a__b", ["it's", None]) == "(a__b in ('it''s') or a__b is null)"
    assert is_one_of("a__b", [True, 2]) == "a__b in (true, 2)"
    assert is_one_of("a__b", [None]) == "a__b is null"


def test_text_of_others_stays_text() -> None:
    assert plain("![x](http://evil.example/p.png)").startswith("\\!\\[x\\]\\(http\\:\\/\\/")
    assert words("order__customer__region_name") == "Order: customer: region name"


def test_a_link_that_cannot_be_read_opens_what_it_can() -> None:
    view = read_view(
        {"metrics": ["a, b"], "from": ["never"], "filter": ["{", '["x", 1]', '["y", {}]', "[]"]}
    )
    assert view.metrics == ("a", "b")
    assert view.first is None
    assert view.filters == {"x": (1,)}


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(one * weight for one, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


@pytest.mark.parametrize(("colours", "ground"), [(LIGHT, "#ffffff"), (DARK, "#171614")])
def test_colours_stand_out_from_their_ground(colours: list[str], ground: str) -> None:
    for colour in colours:
        low, high = sorted([_light(colour), _light(ground)])
        assert (high + 0.05) / (low + 0.05) >= 3, colour
    assert len(set(colours)) == len(colours)
