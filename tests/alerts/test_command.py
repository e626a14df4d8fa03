"""`metrics alerts` on a small shop, which knows nothing of sales pipelines, on both engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from alerts.conftest import SECRET, Webhook

if TYPE_CHECKING:
    from pathlib import Path

    from environment import RunMetrics

pytestmark = pytest.mark.slow

LOW_REVENUE = """
{{ config(tags=['alert'], severity='warn', store_failures=true, schema='alerts') }}
select
    'low_revenue' as alert,
    status as subject,
    max(ordered_on) as period,
    sum(amount) as value,
    cast({{ var('floor', 50) }} as double precision) as threshold,
    'revenue of ' || status || ' is low' as message
from {{ ref('orders') }}
group by status
having sum(amount) < {{ var('floor', 50) }}
"""
# As somebody might write one: its columns are its own.
LARGE_ORDERS = """
{{ config(tags=['alert'], severity='warn', store_failures=true) }}
select order_id, amount from {{ ref('orders') }} where amount > 90
"""


@pytest.fixture
def shop_with_alerts(tiny_project: Path) -> Path:
    (tiny_project / "checks" / "low_revenue_of_status.sql").write_text(LOW_REVENUE)
    (tiny_project / "checks" / "very_large_orders.sql").write_text(LARGE_ORDERS)
    return tiny_project


def _build(project: Path, run_metrics: RunMetrics, *arguments: str) -> None:
    built = run_metrics("build", *arguments, cwd=project)
    assert built.returncode == 0, built.stdout + built.stderr


@pytest.mark.parametrize("target", ["duckdb", "dev"])
def test_shown_posted_once_and_failed(
    target: str,
    shop_with_alerts: Path,
    run_metrics: RunMetrics,
    webhook: Webhook,
    request: pytest.FixtureRequest,
) -> None:
    if target == "dev":
        request.getfixturevalue("postgres_environment")
    _build(shop_with_alerts, run_metrics, "--target", target)

    shown = run_metrics("alerts", "--target", target, cwd=shop_with_alerts)
    assert shown.returncode == 0, shown.stderr
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    assert lines == [
        "alert subject period value threshold message",
        "low_revenue paid 2024-02-01 35.75 50 revenue of paid is low",
        "very_large_orders order_id 3, amount 99.90 order_id 3, amount 99.90",
        "2 open, of 2 alerts that are watched",
    ]
    assert run_metrics("alerts", "--fail", "--target", target, cwd=shop_with_alerts).returncode == 1
    # Who only looks leaves nothing behind.
    assert not list(shop_with_alerts.rglob("*incidents*"))

    environment = {"METRICS_STORE_ALERT_WEBHOOK": webhook.url}
    arguments = ["alerts", "--target", target, "--format", "slack"]
    first = run_metrics(*arguments, cwd=shop_with_alerts, env=environment)
    assert first.stdout.endswith("2 posted; 0 were posted before\n"), first.stderr
    again = run_metrics(*arguments, "--fail", cwd=shop_with_alerts, env=environment)
    assert again.returncode == 1
    assert again.stdout.endswith("0 posted; 2 were posted before\n")
    [body] = webhook.bodies
    assert body["text"].startswith(f"*2 new alerts* on {target}\n• *low_revenue* revenue of paid")
    for run in (first, again):
        assert SECRET not in run.stdout + run.stderr


def test_gone_and_back(
    shop_with_alerts: Path, run_metrics: RunMetrics, webhook: Webhook, tmp_path: Path
) -> None:
    """What a build finds counts: a floor of 0 makes the incident go, one of 200 brings it back."""
    file = tmp_path / "elsewhere" / "kept.json"
    only_alert = ("--select", "low_revenue_of_status", "--vars")
    _build(shop_with_alerts, run_metrics)
    for variables, posted in (("", 2), ("{floor: 0}", 2), ("{floor: 200}", 4)):
        if variables:
            _build(shop_with_alerts, run_metrics, *only_alert, variables)
        run = run_metrics(
            "alerts", "--webhook", webhook.url, "--incidents", str(file), cwd=shop_with_alerts
        )
        assert run.returncode == 0, run.stderr
        assert sum(len(body["alerts"]) for body in webhook.bodies) == posted, variables
    subjects = [[alert["subject"] for alert in body["alerts"]] for body in webhook.bodies]
    assert subjects == [["paid", "order_id 3, amount 99.90"], ["paid", "returned"]]
    assert len(json.loads(file.read_text())["incidents"]) == 3


def test_a_webhook_that_fails(
    shop_with_alerts: Path, run_metrics: RunMetrics, webhook: Webhook
) -> None:
    _build(shop_with_alerts, run_metrics)
    webhook.status = 500
    arguments = ("alerts", "--webhook", webhook.url)
    failed = run_metrics(*arguments, cwd=shop_with_alerts)
    assert failed.returncode == 1
    assert "low_revenue" in failed.stdout
    assert "answered 500 Internal Server Error, so its alerts count as not posted" in failed.stderr
    assert SECRET not in failed.stdout + failed.stderr
    assert "Traceback" not in failed.stderr
    webhook.status = 200
    assert "2 posted" in run_metrics(*arguments, cwd=shop_with_alerts).stdout


def test_alerts_that_cannot_be_read(shop_with_alerts: Path, run_metrics: RunMetrics) -> None:
    nothing = run_metrics("alerts", cwd=shop_with_alerts)
    assert nothing.returncode == 5
    assert "there is no warehouse yet" in nothing.stderr

    _build(shop_with_alerts, run_metrics, "--exclude", "low_revenue_of_status")
    unknown = run_metrics("alerts", cwd=shop_with_alerts)
    assert unknown.returncode == 1
    assert "the alert low_revenue_of_status has not run yet" in unknown.stderr
    assert "run `metrics build`" in unknown.stderr

    forgetful = shop_with_alerts / "checks" / "low_revenue_of_status.sql"
    forgetful.write_text(LOW_REVENUE.replace("store_failures=true, ", ""))
    _build(shop_with_alerts, run_metrics)
    unkept = run_metrics("alerts", cwd=shop_with_alerts)
    assert unkept.returncode == 1
    assert "the alert low_revenue_of_status does not keep what it finds" in unkept.stderr
    assert "checks/low_revenue_of_status.sql" in unkept.stderr


def test_a_project_without_alerts(tiny_project: Path, run_metrics: RunMetrics) -> None:
    _build(tiny_project, run_metrics)
    shown = run_metrics("alerts", "--fail", cwd=tiny_project)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout == "0 open, of 0 alerts that are watched\n"
