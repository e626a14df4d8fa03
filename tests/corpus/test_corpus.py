"""One corpus of questions gets the same rows and the same errors, whoever is asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
import yaml

from corpus.answers import Refusal, Rows, differs
from corpus.corpus_requests import ANSWERED, CORPUS, PARTS, REFUSED, Asked
from projects import MARKET_PROJECT

if TYPE_CHECKING:
    from corpus.answers import Outcome
    from corpus.conftest import Opened
    from corpus.interfaces.interface import Interface

pytestmark = pytest.mark.xdist_group("corpus")

ALL = pytest.mark.parametrize("asked", CORPUS, ids=lambda asked: asked.name)
ANSWERS = pytest.mark.parametrize("asked", ANSWERED, ids=lambda asked: asked.name)
ERRORS = pytest.mark.parametrize("asked", REFUSED, ids=lambda asked: asked.name)


def can_ask(interface: Interface, asked: Asked) -> bool:
    return asked.says <= interface.can_say and interface.lacks(asked) is None


def at_every_interface(warehouse: Opened, asked: Asked, right: Rows | None) -> dict[str, Outcome]:
    """Ask all interfaces that can say it, several at once."""
    interfaces = [interface for interface in warehouse.interfaces if can_ask(interface, asked)]
    with ThreadPoolExecutor(4) as threads:
        outcomes = threads.map(lambda interface: interface.ask(asked, right), interfaces)
    return {
        interface.name: outcome for interface, outcome in zip(interfaces, outcomes, strict=True)
    }


@ANSWERS
def test_every_interface_gives_the_same_rows(asked: Asked, warehouse: Opened) -> None:
    right = warehouse.right(asked)
    assert isinstance(right, Rows), right
    found = {
        name: differs(one, right)
        for name, one in at_every_interface(warehouse, asked, right).items()
    }
    assert {name: difference for name, difference in found.items() if difference} == {}


@ERRORS
def test_every_interface_refuses_in_the_same_words(asked: Asked, warehouse: Opened) -> None:
    right = warehouse.right(asked)
    assert isinstance(right, Refusal)
    assert right.what is not None
    assert asked.error is not None
    assert asked.error in right.what
    assert right.code == "invalid_request"
    found = at_every_interface(warehouse, asked, None)
    if asked.own_words:
        assert all(isinstance(one, Refusal) for one in found.values()), found
        assert {getattr(one, "code", None) for one in found.values()} <= {right.code, None}
        return
    differences = {name: differs(one, right) for name, one in found.items()}
    assert {name: one for name, one in differences.items() if one} == {}


@ALL
def test_duckdb_and_postgresql_agree(asked: Asked, on_duckdb: Opened, on_postgres: Opened) -> None:
    assert differs(on_postgres.right(asked), on_duckdb.right(asked), exactly=False) is None


def test_a_saved_query_by_a_part_of_a_time_is_its_question(warehouse: Opened) -> None:
    named = {one.name: one for one in CORPUS}
    saved = warehouse.right(named["saved_queries_and_values.saved_by_a_part_of_a_time"])
    by_hand = warehouse.right(named["group_bys.by_extracted_month"])
    assert isinstance(saved, Rows)
    assert len(saved.values) > 1
    assert differs(saved, by_hand) is None


# A process each: half a second.
ASKED_OF_THE_COMMAND = (
    "simple.two_tables_by_region",
    "ratio_and_derived.growth_by_month",
    "cumulative.seven_days_by_month_and_region",
    "conversion.visit_to_order",
    "semi_additive.stock_of_the_mill",
    "group_bys.by_extracted_month",
    "filters.and_or",
    "orders_and_limits.by_two",
    "orders_and_limits.from_and_to_days",
    "saved_queries_and_values.saved_and_ordered",
    "errors.no_such_metric",
    "errors.grain_not_meant",
    "errors.filter_injects",
)


@pytest.mark.slow
def test_the_command(warehouse: Opened) -> None:
    interface = warehouse.command
    asked = [one for one in CORPUS if one.name in ASKED_OF_THE_COMMAND]
    assert len(asked) == len(ASKED_OF_THE_COMMAND)

    def difference(one: Asked) -> str | None:
        right = warehouse.right(one)
        return differs(interface.ask(one, right if isinstance(right, Rows) else None), right)

    with ThreadPoolExecutor(2) as processes:
        found = dict(zip(ASKED_OF_THE_COMMAND, processes.map(difference, asked), strict=True))
    assert {name: one for name, one in found.items() if one is not None} == {}


def test_every_interface_says_most_of_the_corpus(warehouse: Opened) -> None:
    interfaces = [warehouse.engine, warehouse.metricflow, warehouse.command, *warehouse.interfaces]
    said = {
        interface.name: sum(can_ask(interface, one) for one in CORPUS) for interface in interfaces
    }
    assert len(said) == len(interfaces)
    least = {interface.name: interface.least for interface in interfaces}
    assert {name: (said[name], least[name]) for name in said if said[name] < least[name]} == {}


def test_the_corpus_has_every_part_and_every_type() -> None:
    assert len(CORPUS) >= 200
    assert set().union(*(one.says for one in CORPUS)) == set(PARTS)
    assert len({one.name for one in CORPUS}) == len(CORPUS)
    asked = {metric for one in ANSWERED for metric in one.metrics}
    manifest = yaml.safe_load(
        (MARKET_PROJECT / "models" / "metrics.yml").read_text(encoding="utf-8")
    )
    assert asked == {metric["name"] for metric in manifest["metrics"]}
    assert {one.saved_query for one in ANSWERED if one.saved_query} == {
        saved["name"] for saved in manifest["saved_queries"]
    }


def test_a_interface_that_says_something_else_is_noticed(warehouse: Opened) -> None:
    named = {one.name: one for one in CORPUS}
    pairs = [("filters.equal", "filters.less"), ("errors.no_such_metric", "errors.filter_calls")]
    for interface in warehouse.interfaces:
        for asked, other in pairs:
            if not can_ask(interface, named[asked]):
                continue
            right = warehouse.right(named[asked])
            found = interface.ask(named[asked], right if isinstance(right, Rows) else None)
            assert differs(found, right) is None, interface.name
            assert differs(found, warehouse.right(named[other])) is not None, interface.name
        refused = interface.ask(named["errors.no_such_metric"], None)
        assert differs(refused, warehouse.right(named["filters.equal"])) is not None, interface.name


def test_twenty_threads_on_one_engine_get_what_one_got(warehouse: Opened) -> None:
    right = {asked.name: warehouse.right(asked) for asked in CORPUS}
    # Each question three times, far from one another.
    mixed = [*CORPUS, *reversed(CORPUS), *CORPUS[::2], *CORPUS[1::2]]
    with ThreadPoolExecutor(20) as threads:
        found = list(threads.map(warehouse.engine.ask, mixed))
    wrong = {
        asked.name
        for asked, outcome in zip(mixed, found, strict=True)
        if differs(outcome, right[asked.name])
    }
    assert wrong == set()
