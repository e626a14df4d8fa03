"""Whoever names a deprecated metric is told so, and nobody else; nothing else changes for them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from engine.deprecated_shop import WARNING, deprecating
from metrics_store.access.principal import LOCAL, Principal
from metrics_store.engine.call import Call
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.project.profile import load_target
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.output.table_notices import warnings_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engine.conftest import Notes

pytestmark = pytest.mark.xdist_group("shop")

REVENUE = MetricRequest(["revenue"])
FILTERED = MetricRequest(["sales"], where=parse_filter("{{ Metric('revenue', ['order']) }} > 10"))


@pytest.fixture
def old_shop(shop: Path, tmp_path: Path) -> Path:
    return deprecating(shop, tmp_path / "old" / "shop")


def _engine(shop: Path, day: dt.date, directory: Path | None = None, *notes: Notes) -> Engine:
    settings = EngineSettings(plan_directory=directory, today=lambda: day)
    return Engine(load_target(shop), settings, notes)


@pytest.fixture
def engine(old_shop: Path, tmp_path: Path, notes: Notes) -> Iterator[Engine]:
    opened = _engine(old_shop, dt.date(2027, 1, 31), tmp_path / "plans", notes)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "request_",
    [
        REVENUE,
        MetricRequest(["sales", "revenue"], order_by=["-revenue"]),
        MetricRequest(["revenue"], aliases=[("revenue", "money")]),
        MetricRequest(saved_query="revenue_by_status"),
        FILTERED,
    ],
)
def test_who_names_it_is_warned(engine: Engine, notes: Notes, request_: MetricRequest) -> None:
    answer = engine.answer(request_, LOCAL)
    assert answer.warnings == (WARNING,)
    assert warnings_of(answer.table.schema) == (WARNING,)
    assert notes.last.deprecated == ("revenue",)
    assert answer.table.num_rows


@pytest.mark.parametrize(
    "request_",
    [MetricRequest(["sales"]), MetricRequest(["doubled"]), MetricRequest([], ["order__status"])],
)
def test_who_does_not_name_it_is_not(engine: Engine, notes: Notes, request_: MetricRequest) -> None:
    answer = engine.answer(request_, LOCAL)
    assert (answer.warnings, warnings_of(answer.table.schema)) == ((), ())
    assert notes.last.deprecated == ()


def test_an_answer_that_was_kept_warns_too(
    engine: Engine, notes: Notes, old_shop: Path, tmp_path: Path
) -> None:
    first, second = engine.answer(REVENUE, LOCAL), engine.answer(REVENUE, LOCAL)
    assert first.warnings == second.warnings == (WARNING,)
    assert notes.last.plan_cache_hit
    # As a process does that starts afterwards, on a plan out of a file.
    another = _engine(old_shop, dt.date(2027, 1, 31), tmp_path / "plans", notes)
    assert another.answer(REVENUE, LOCAL).warnings == (WARNING,)
    assert notes.last.plan_cache_hit
    another.close()


def test_values_and_sql_warn_too(engine: Engine, notes: Notes) -> None:
    request = MetricRequest(["revenue"], ["order__status"])
    assert engine.dimension_values(request, LOCAL).warnings == (WARNING,)
    call = Call("test")
    engine.compile(request, LOCAL, call)
    assert call.warnings == (WARNING,)
    assert (notes.last.action, notes.last.deprecated) == ("compile", ("revenue",))


def test_after_its_sunset_it_answers_and_says_more(old_shop: Path) -> None:
    engine = _engine(old_shop, dt.date(2027, 2, 1))
    answer = engine.answer(REVENUE, LOCAL)
    assert answer.table.num_rows == 1
    assert answer.warnings == (
        WARNING.replace(
            "there until 2027-01-31", "past its sunset, 2027-01-31: it may be gone with any build"
        ),
    )
    engine.close()


MALFORMED = [
    None,
    True,
    "soon",
    [],
    {},
    {"sunset": "2027-02-30", "since": "one\ntwo", "replacement": ["sales"], "reason": 7},
    {"replacement": "no_such_metric", "frob": 1},
]


@pytest.mark.parametrize("deprecated", MALFORMED)
def test_what_means_nothing_is_left_out(shop: Path, tmp_path: Path, deprecated: object) -> None:
    engine = _engine(deprecating(shop, tmp_path / "old", deprecated), dt.date(2027, 1, 1))
    answer = engine.answer(REVENUE, LOCAL)
    assert answer.warnings == ("the metric revenue is deprecated",)
    assert engine.definitions(LOCAL).metric("revenue").deprecated is not None
    engine.close()


def test_false_is_not_deprecated(shop: Path, tmp_path: Path) -> None:
    engine = _engine(deprecating(shop, tmp_path / "old", deprecated=False), dt.date(2027, 1, 1))
    assert engine.answer(REVENUE, LOCAL).warnings == ()
    engine.close()


def test_a_replacement_that_is_hidden_is_not_named(old_shop: Path) -> None:
    policies = "policies: [{name: some, to: '*', metrics: [revenue], dimensions: ['*']}]\n"
    (old_shop / "access.yml").write_text(policies, encoding="utf-8")
    engine = _engine(old_shop, dt.date(2027, 1, 1))
    [warning] = engine.answer(REVENUE, Principal("ana")).warnings
    assert warning.endswith("there until 2027-01-31")
    engine.close()
