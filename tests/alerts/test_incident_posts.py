"""Every incident is posted once, to a webhook on this machine."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from alerts.conftest import SECRET, Webhook
from metrics_store.alerts.alert_reader import Alert
from metrics_store.alerts.incident_posts import BATCH, post_new
from metrics_store.alerts.incidents import IncidentFile
from metrics_store.alerts.webhook import post
from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path

DOWN = Alert("leads_down", "Lead Generation", "2024-11-01", -0.34, -0.2, "34 % fewer <leads> & co")
LATE = Alert("no_new_data", "pipedrive", None, 9.0, 7.0, "no new data for 9 days")


@pytest.fixture
def file(tmp_path: Path) -> IncidentFile:
    return IncidentFile(tmp_path / "kept" / "incidents.json", patience=5)


def _post(file: IncidentFile, webhook: Webhook, *alerts: Alert, body_format: str = "json") -> int:
    return post_new(alerts, file, url=webhook.url, body_format=body_format, target="prod")


def test_as_plain_json(file: IncidentFile, webhook: Webhook) -> None:
    assert _post(file, webhook, DOWN, LATE) == 2
    [body] = webhook.bodies
    seen = [alert.pop("first_seen") for alert in body["alerts"]]
    assert body == {
        "target": "prod",
        "alerts": [
            {
                "alert": "leads_down",
                "subject": "Lead Generation",
                "period": "2024-11-01",
                "value": -0.34,
                "threshold": -0.2,
                "message": "34 % fewer <leads> & co",
            },
            {
                "alert": "no_new_data",
                "subject": "pipedrive",
                "period": None,
                "value": 9.0,
                "threshold": 7.0,
                "message": "no new data for 9 days",
            },
        ],
    }
    assert all(time.endswith("+00:00") for time in seen)
    assert webhook.content_types == ["application/json"]


def test_as_slack_takes_it(file: IncidentFile, webhook: Webhook) -> None:
    _post(file, webhook, DOWN, LATE, body_format="slack")
    assert webhook.bodies == [
        {
            "text": "*2 new alerts* on prod\n"
            "• *leads_down* 34 % fewer &lt;leads&gt; &amp; co\n"
            "• *no_new_data* no new data for 9 days"
        }
    ]
    assert webhook.content_types == ["application/json"]


def test_an_incident_is_posted_once_and_again_when_it_comes_back(
    file: IncidentFile, webhook: Webhook
) -> None:
    assert _post(file, webhook, DOWN) == 1
    # Worse and a month later, it is the same incident; another subject is another one.
    worse = Alert("leads_down", "Lead Generation", "2024-12-01", -0.5, -0.2, "worse")
    other = Alert("leads_down", "Referrals", "2024-12-01", -0.5, -0.2, "other")
    assert _post(file, webhook, worse) == 0
    assert _post(file, webhook, worse, other) == 1
    assert _post(file, webhook, other) == 0
    assert _post(file, webhook, DOWN, other) == 1
    assert _post(file, webhook) == 0
    assert [[alert["message"] for alert in body["alerts"]] for body in webhook.bodies] == [
        [DOWN.message],
        ["other"],
        [DOWN.message],
    ]


@pytest.mark.parametrize("status", [302, 400, 403, 404, 500, 503])
def test_an_error_of_the_server_marks_nothing(
    status: int, file: IncidentFile, webhook: Webhook
) -> None:
    webhook.status = status
    with pytest.raises(MetricsStoreError, match=f"answered {status} ") as failed:
        _post(file, webhook, DOWN)
    assert SECRET not in str(failed.value)
    [kept] = json.loads(file.path.read_text())["incidents"]
    assert kept["posted_at"] is None
    webhook.status = 200
    assert _post(file, webhook, DOWN) == 1
    # It was first seen when it was first seen, not when the post went through.
    assert webhook.bodies[0]["alerts"][0]["first_seen"] == kept["first_seen"]


def test_many_alerts_go_in_several_posts_each_marked(file: IncidentFile, webhook: Webhook) -> None:
    many = [Alert("down", f"step {number}", None, 1, 0, "") for number in range(2 * BATCH + 5)]
    assert _post(file, webhook, *many[:BATCH]) == BATCH
    webhook.status = 500
    with pytest.raises(MetricsStoreError):
        _post(file, webhook, *many)
    webhook.status = 200
    assert _post(file, webhook, *many) == BATCH + 5
    assert [len(body["alerts"]) for body in webhook.bodies] == [BATCH, BATCH, 5]


def test_two_runs_at_once_post_once(file: IncidentFile, webhook: Webhook) -> None:
    webhook.delay = 0.3
    with ThreadPoolExecutor() as pool:
        posted = list(pool.map(lambda _: _post(file, webhook, DOWN), range(3)))
    assert sorted(posted) == [0, 0, 1]
    assert len(webhook.bodies) == 1


def test_nothing_answers(webhook: Webhook) -> None:
    webhook.delay = 1.0
    with pytest.raises(MetricsStoreError, match="did not answer within"):
        post(webhook.url, {}, timeouts=(0.2, 0.2))
    # Port 9 discards; nobody listens there.
    with pytest.raises(MetricsStoreError, match="cannot be reached") as failed:
        post(f"http://127.0.0.1:9/{SECRET}", {})
    assert SECRET not in str(failed.value)
    assert failed.value.where == "http://127.0.0.1:9"
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


@pytest.mark.parametrize(
    "url", [SECRET, f"ftp://host/{SECRET}", f"https:///{SECRET}", f"http://h:port/{SECRET}", "[://"]
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(MetricsStoreError, match="no address of http") as failed:
        post(url, {})
    assert SECRET not in str(failed.value)


@pytest.mark.parametrize("content", ["no json", "{}", '{"incidents": [{"alert": 1}]}', "[]"])
def test_a_broken_file_is_named(content: str, file: IncidentFile, webhook: Webhook) -> None:
    file.path.parent.mkdir()
    file.path.write_text(content)
    with pytest.raises(MetricsStoreError, match="cannot be read") as failed:
        _post(file, webhook, DOWN)
    assert failed.value.where == str(file.path)
    assert not webhook.bodies


def test_a_file_that_cannot_be_written(tmp_path: Path, webhook: Webhook) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(MetricsStoreError, match="cannot be written") as failed:
        _post(IncidentFile(tmp_path / "taken" / "incidents.json"), webhook, DOWN)
    assert "--incidents" in failed.value.remedy
    assert not webhook.bodies
