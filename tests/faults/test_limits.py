"""Questions over their limits, and too many at once: each is told so, and others go on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from faults.interface_requests import DEADLINE, INTERFACES, Told, shows_no_insides
from serve.server_process import Serving, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("shop")

CODES = {
    "rest": "limit_exceeded",
    "graphql": "error",
    # As any error of the request: pyarrow has no status for limits.
    "flight": "ArrowInvalid",
    "mcp": "error",
}
WORDS = {
    "endless": ("", "takes longer than 2 seconds"),
    "revenue": ("metric_time__day", "more than 2 rows"),
    "broad": ("", "needs more memory"),
}


@pytest.fixture(scope="module")
def strict(
    heavy_shop: Path, metrics_command: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """Give a server that allows two seconds, two rows, and little memory."""
    limits = {
        "timeout_seconds": 2,
        "rows": 2,
        "memory_megabytes": 16,
        "concurrent_statements": 2,
        "concurrent_requests": 4,
        "waiting_seconds": 1,
    }
    configuration = {"flight_port": 0, "limits": limits}
    directory = tmp_path_factory.mktemp("strict")
    with serving(
        metrics_command, heavy_shop, directory=directory, configuration=configuration
    ) as server:
        yield server


@pytest.mark.slow
@pytest.mark.parametrize("interface", INTERFACES)
@pytest.mark.parametrize("metric", WORDS)
def test_a_question_over_its_limits(strict: Serving, interface: str, metric: str) -> None:
    by, words = WORDS[metric]
    told = INTERFACES[interface](strict, metric, by)
    assert (told.rows, told.code) == (None, CODES[interface])
    assert words in told.words
    assert shows_no_insides(told.words)
    assert INTERFACES[interface](strict, "revenue").value == 135.65


@pytest.mark.slow
def test_too_many_at_once(strict: Serving) -> None:
    def ask(number: int) -> Told:
        return list(INTERFACES.values())[number % len(INTERFACES)](strict, "endless")

    with ThreadPoolExecutor(40) as pool:
        asked = [pool.submit(ask, number) for number in range(40)]
        told = [one.result(3 * DEADLINE) for one in asked]
    assert not [one for one in told if one.rows is not None]
    for one in told:
        assert any(
            words in one.words
            for words in (
                "takes longer than",
                "too many questions are being answered",
                "too many others wait already",
            )
        ), one
    assert {one.code for one in told[::4]} <= {"limit_exceeded", "busy"}
    assert strict.get("/readyz").status_code == 200
    for ask_interface in INTERFACES.values():
        assert ask_interface(strict, "revenue").value == 135.65
