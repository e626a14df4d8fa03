"""Rows kept by the values of metrics, on both engines."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from projects import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.client.connection import Connection
    from projects import SmallProject

pytestmark = pytest.mark.xdist_group("bikes")


@pytest.fixture(scope="module", params=TARGETS)
def asked(request: pytest.FixtureRequest, bikes: SmallProject) -> Iterator[Connection]:
    with ExitStack() as stack:
        yield bikes.connect(stack, request.param)


@pytest.mark.parametrize(
    ("where", "order_by", "limit", "kinds"),
    [
        # Rides by kind: 9 city, 7 e-bike, 2 cargo, 1 without.
        ("rides > 2", None, None, ["city", "ebike"]),
        ("rides < 7", "-rides", None, ["cargo", None]),
        ("rides >= 1", ["-rides", "ride__kind"], 3, ["city", "ebike", "cargo"]),
        ("rides >= 1 and ride__is_paid = true", "-rides", 1, ["ebike"]),
        ("not rides > 2 and rides is not null", "rides", None, [None, "cargo"]),
        ("average_fee > 5.5", "ride__kind", None, ["cargo", "ebike", None]),
        ("rides > 100", None, None, []),
    ],
)
def test_rows_by_their_values(
    asked: Connection,
    where: str,
    order_by: str | list[str] | None,
    limit: int | None,
    kinds: list[str | None],
) -> None:
    answer = asked.query(
        ["rides", "average_fee"],
        group_by="ride__kind",
        where=where,
        order_by=order_by,
        limit=limit,
    )
    assert [row["ride__kind"] for row in answer.rows()] == kinds
    assert answer.columns == ["ride__kind", "rides", "average_fee"]


def test_the_sql_has_the_condition(asked: Connection) -> None:
    assert "WHERE (rides > 2)" in asked.compile("rides", group_by="ride__kind", where="rides > 2")


def test_a_metric_that_is_not_asked_for(asked: Connection) -> None:
    with pytest.raises(MetricsStoreError, match="not asked for") as error:
        asked.query("rides", group_by="ride__kind", where="fees > 2")
    assert error.value.remedy == "ask for fees too"
