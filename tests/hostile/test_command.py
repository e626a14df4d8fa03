"""The command line: a small part of the corpus, since each question is a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hostile.leak_checks import check_text

if TYPE_CHECKING:
    from environment import RunMetrics
    from hostile.conftest import Canaries

pytestmark = pytest.mark.xdist_group("shop")

REFUSED = [
    ("--metrics", "revenue; drop table orders"),
    ("--metrics", "revenue", "--where", "1=1) union select canary from canaries --"),
    ("--metrics", "revenue", "--where", "order__status = read_text('{canary}')"),
    ("--metrics", "revenue", "--where", "{{ ''.__class__ }} = 1"),
    ("--metrics", "revenue", "--group-by", "(select canary from canaries)"),
    ("--metrics", "revenue", "--order-by", "revenue desc; select 1"),
    ("--metrics", "revenue", "--limit", "1; select 1"),
    ("--metrics", "revenue", "--start-time", "2024-01-01'; select 1"),
    ("--saved-query", "revenue_by_status' or '1'='1"),
    ("--metrics", "revenue\x1b[2J"),
]


@pytest.mark.slow
@pytest.mark.parametrize("arguments", REFUSED, ids=lambda one: one[-1])
def test_refused(canaries: Canaries, run_metrics: RunMetrics, arguments: tuple[str, ...]) -> None:
    before = canaries.state()
    said = [canaries.put_in(one) for one in arguments]
    done = run_metrics("query", *said, cwd=canaries.project)
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr
    assert "\x1b" not in done.stderr
    check_text(done.stderr, canaries, " ".join(said))
    assert canaries.state() == before


def test_a_value(canaries: Canaries, run_metrics: RunMetrics) -> None:
    text = "' union select canary from canaries --"
    where = "order__status = '" + text.replace("'", "''") + "'"
    done = run_metrics(
        "query", "--metrics", "revenue", "--where", where, "--format", "csv", cwd=canaries.project
    )
    assert done.returncode == 0, done.stderr
    assert str(canaries.rows[text]) in done.stdout
    check_text(done.stdout + done.stderr, canaries)
