"""Who must agree to a change."""

from __future__ import annotations

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.review.versions.metric_owners import read_owners, same_person

FILE = """
# Everybody's
*           @revenue-operations

forecast_*  @ana @Bo   # who forecast
forecast_secret  @cleo
"""


@pytest.mark.parametrize(
    ("metric", "owners"),
    [
        ("win_rate", ("@revenue-operations",)),
        ("forecast_total", ("@ana", "@bo")),
        ("forecast_secret", ("@cleo",)),
    ],
)
def test_the_last_line_that_fits_counts(metric: str, owners: tuple[str, ...]) -> None:
    assert read_owners(FILE).of(metric) == owners


def test_without_a_line_nobody_owns_it() -> None:
    assert read_owners("win_* @ana").of("revenue") == ()


def test_a_line_without_owners_is_refused_by_its_number() -> None:
    with pytest.raises(MetricsStoreError, match="METRIC_OWNERS, line 2"):
        read_owners("* @ana\nwin_rate  # nobody\n")


def test_an_owner_is_known_without_at_and_in_any_case() -> None:
    assert same_person("@ana", "Ana ")
    assert not same_person("@ana", "anabel")
