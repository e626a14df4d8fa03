"""An answer with nothing in it says why, and never more than the one who asks may see."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from metrics_store.access.principal import Principal
from metrics_store.client import EmptyAnswerWarning
from metrics_store.engine.engine import Engine
from metrics_store.engine.snapshots.empty_answers import empty_groups, reasons
from metrics_store.project.profile import load_target
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.spans.period_parser import parse_period
from projects import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from metrics_store.client.connection import Connection
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("bikes")


@pytest.fixture(scope="module", params=TARGETS)
def asked(request: pytest.FixtureRequest, bikes: SmallProject) -> Iterator[Connection]:
    with ExitStack() as stack:
        yield bikes.connect(stack, request.param)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            {"where": "ride__kind = 'City'", "group_by": "ride__kind"},
            "no ride__kind is 'City'; did you mean 'city'?",
        ),
        ({"where": "ride__kind = 'ebikes'"}, "no ride__kind is 'ebikes'; did you mean 'ebike'?"),
        (
            {"where": "ride__kind in ('tandem', 'trike')"},
            "no ride__kind is 'tandem' or 'trike'; it is one of 'cargo', 'city', 'ebike'",
        ),
        (
            {"period": "2031"},
            "rides: there is no data in this time; all there is lies from 2024-01-05 to 2024-05-31",
        ),
        (
            {"where": "metric_time < '2023-01-01' and ride__kind = 'cargo'"},
            "rides: there is no data in this time; all there is lies from 2024-03-02 to 2024-03-15",
        ),
        (
            {"where": "ride__kind = 'cargo' and ride__is_paid = false", "period": "2024"},
            "rides: there is no data at any time for this filter",
        ),
    ],
)
def test_the_reason(asked: Connection, question: dict[str, str], reason: str) -> None:
    assert asked.query("rides", **question).warnings == (reason,)  # type: ignore[arg-type]


def test_an_answer_that_is_computed_with_others_says_why_too(asked: Connection) -> None:
    questions = [
        {"metrics": metric, "where": "ride__kind = 'City'"} for metric in ("rides", "minutes")
    ]
    with pytest.warns(EmptyAnswerWarning, match="did you mean 'city'"):
        together = asked.query_many(questions)
    for one, question in zip(together, questions, strict=True):
        with pytest.warns(EmptyAnswerWarning):
            alone = asked.query(**question)  # type: ignore[arg-type]
        assert one.warnings == alone.warnings == ("no ride__kind is 'City'; did you mean 'city'?",)
        assert one.warning_kinds == alone.warning_kinds == ("empty_answer",)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "question",
    [
        {"where": "ride__kind = 'city'"},
        # One of the two is there; and what lies within the data's time has no reason.
        {"where": "ride__kind in ('city', 'trike')"},
        {"period": "2024-05-02 to 2024-05-05"},
        {"where": "ride__kind = 'trike'", "limit": 0},
        {"group_by": "ride__kind", "limit": 0},
    ],
)
def test_no_reason(asked: Connection, question: dict[str, object]) -> None:
    assert asked.query("rides", **question).warnings == ()  # type: ignore[arg-type]


def test_a_dimension_without_a_value_in_any_row_is_told() -> None:
    rides = pa.field("rides", pa.int64(), metadata={"unit": "number"})
    kinds = pa.schema([pa.field("ride__kind", pa.string()), rides])
    empty = pa.table([pa.array([None], pa.string()), pa.array([7])], kinds)
    some = pa.table([pa.array([None, "city"]), pa.array([7, 8])], kinds)
    request = MetricRequest(["rides"], group_by=["ride__kind"])
    assert empty_groups(request, empty) == (
        "ride__kind has no value in any row: what lands the raw tables may not bring it",
    )
    assert empty_groups(request, some) == ()
    filtered = MetricRequest(["rides"], where=parse_filter("ride__kind is null"))
    assert empty_groups(filtered, empty) == ()


def test_a_metric_without_any_data_says_so_without_a_filter() -> None:
    request = MetricRequest(["rides"])
    said = ("rides: there is no data at any time, or nothing but zeros",)
    assert reasons(request, pytest.fail) == said
    assert reasons(MetricRequest(group_by=["ride__kind"]), pytest.fail) == ()
    # Groups may be empty where there is data: cut off by a limit, or by days without rows.
    rides = pa.schema([pa.field("rides", pa.int64(), metadata={"unit": "number"})])
    for whole, expected in ((7, ()), (0, said), (None, said)):
        answers = {request: pa.table([pa.array([whole], pa.int64())], rides)}
        assert reasons(MetricRequest(["rides"], limit=1), answers.__getitem__) == expected
        by_kind = MetricRequest(["rides"], ["ride__kind"])
        assert reasons(by_kind, answers.__getitem__) == expected


def test_a_value_that_one_may_not_see_is_never_proposed(changing_shop: Path) -> None:
    (changing_shop / "access.yml").write_text(
        """
        policies:
          - {name: all, to: {users: [ana]}, metrics: [revenue], dimensions: ["*"]}
          - name: paid
            to: {users: [ben]}
            metrics: [revenue]
            dimensions: ["*"]
            rows: [{dimension: order__status, in: [paid]}]
          - {name: none, to: {users: [eve]}, metrics: [revenue], dimensions: []}
        """,
        encoding="utf-8",
    )
    engine = Engine(load_target(changing_shop))
    request = MetricRequest(["revenue"], where=parse_filter("order__status = 'Returned'"))
    try:
        assert "did you mean 'returned'?" in str(engine.answer(request, Principal("ana")).warnings)
        [reason] = engine.answer(request, Principal("ben")).warnings
        assert "returned" not in reason
        assert reason.endswith("it is one of 'paid'")
        late = MetricRequest(["revenue"], period=parse_period("2031"))
        assert "no data in this time" in str(engine.answer(late, Principal("eve")).warnings)
    finally:
        engine.close()
