"""Which tests are slow, and how long they may go on: `make test` leaves them out."""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

# The moment, in seconds since 1970, after which no slow test begins: the check of a change has to
# end in time on any machine. Without it, all run.
UNTIL = "SLOW_TESTS_UNTIL"

_DAY = 24 * 60 * 60
_SLICES = 3


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark the slow tests, and when all else has found its order begin where the day says.

    What asks a warehouse on PostgreSQL is slow: DuckDB is asked the same. Of the slices of one
    metric that are compared with the oracle, the first is quick, and each third after it.
    """
    slices: Counter[tuple[str, str]] = Counter()
    for item in items:
        if _asks_postgres(item):
            item.add_marker(pytest.mark.slow)
        elif item.get_closest_marker("slices"):
            asked = _test_and_metric(item)
            if slices[asked] % _SLICES:
                item.add_marker(pytest.mark.slow)
            slices[asked] += 1
    yield
    if UNTIL in os.environ:
        _rotate(items)


def _test_and_metric(item: pytest.Item) -> tuple[str, str]:
    """Name the test's function, and the metric that it asks."""
    params = item.callspec.params  # type: ignore[attr-defined] - marked functions have parameters
    metric = params["metric"] if "metric" in params else params["question"][0]
    return item.nodeid.partition("[")[0], metric


def _asks_postgres(item: pytest.Item) -> bool:
    named = getattr(item, "callspec", None)
    values = named.params.values() if named else ()
    # Such as `postgres` or `on_postgres`; texts and statements are no names.
    return any(
        isinstance(one, str) and one.isidentifier() and "postgres" in one.split("_")
        for one in values
    )


def _rotate(items: list[pytest.Item]) -> None:
    """Begin at another test on each day of the week, the same in all workers."""
    first = _last_second() // _DAY % 7 * len(items) // 7
    items[:] = items[first:] + items[:first]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a slow test whose time is up, before anything is built for it."""
    if UNTIL in os.environ and item.get_closest_marker("slow") and time.time() > _last_second():
        pytest.skip("the time for slow tests is over; `make test-slow` runs all of them")


def _last_second() -> int:
    return int(os.environ[UNTIL])
