"""A conversion metric says how it counts wherever it is described."""

from __future__ import annotations

import pytest

from metrics_store.query.definitions.conversion_rule import with_conversion_rule
from metrics_store.query.definitions.definitions import Definitions, definitions_of
from metrics_store.query.planner import Planner
from query.corrections.events import manifest


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    return definitions_of(Planner(manifest(), "duckdb"))


def test_a_conversion_says_which_base_event_it_goes_to(definitions: Definitions) -> None:
    said = definitions.metric("rate").description
    assert said.startswith("How it counts: each conversion goes to the last base event up to it")
    assert "less than 3 days before it" in said
    assert "constant properties" not in said
    assert "less than" not in definitions.metric("ever").description
    assert "like it in the constant properties" in definitions.metric("same_device").description


def test_the_rule_stands_below_what_the_author_says() -> None:
    [metric] = [one for one in manifest().metrics if one.name == "rate"]
    metric.description = "Visits that were followed by an order.\n"
    said = with_conversion_rule(metric)
    assert said.startswith("Visits that were followed by an order.\n\nHow it counts: ")


def test_others_say_what_their_authors_say(definitions: Definitions) -> None:
    assert definitions.metric("rate_of_ads").description == ""
