"""What machines read: counters, readiness, logs, traces."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from metrics_store.access.authentication.authenticator import Authenticator
from metrics_store.access.principal import LOCAL
from metrics_store.engine.engine import Engine
from metrics_store.project.profile import load_target
from metrics_store.serve.application import application
from metrics_store.serve.configuration.configuration import Configuration
from metrics_store.serve.monitoring.counters import Counters
from metrics_store.serve.monitoring.log_formats import JsonLines, PlainLines
from metrics_store.serve.monitoring.readiness import Readiness
from metrics_store.serve.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opentelemetry.context import Context

    from serve.server_process import Serving

pytestmark = pytest.mark.xdist_group("shop")


def _counted(server: Serving) -> dict[str, float]:
    families = text_string_to_metric_families(server.get("/metrics").text)
    return {
        sample.name + json.dumps(sample.labels, sort_keys=True): sample.value
        for family in families
        for sample in family.samples
    }


def test_requests_are_counted(open_server: Serving) -> None:
    before = _counted(open_server)
    open_server.get("/v1/query?metrics=revenue&group_by=order__status")
    open_server.get("/v1/query?metrics=revnue")
    open_server.get("/v1/metrics/some_name")
    open_server.ask("FROB", "/made/up/path")
    after = _counted(open_server)

    def more(name: str, **labels: str) -> float:
        key = name + json.dumps(labels, sort_keys=True)
        return after.get(key, 0) - before.get(key, 0)

    asked = {"door": "rest", "action": "answer"}
    assert more("metrics_store_requests_total", outcome="ok", **asked) == 1
    assert more("metrics_store_requests_total", outcome="invalid_request", **asked) == 1
    assert more("metrics_store_rows_total", door="rest") == 2
    assert more("metrics_store_request_seconds_count", door="rest") == 2
    plans = [more("metrics_store_plans_total", cache=cache) for cache in ("hit", "miss")]
    assert sum(plans) == 2
    route = {"method": "GET", "route": "/v1/metrics/{name}", "status": "404"}
    assert more("metrics_store_http_responses_total", **route) == 1
    # What callers make up has no label of its own.
    made_up = {"method": "other", "route": "none", "status": "404"}
    assert more("metrics_store_http_responses_total", **made_up) == 1
    assert not any("made" in key or "FROB" in key or "some_name" in key for key in after)


@pytest.mark.slow
def test_a_line_of_the_log_is_one_line_whatever_is_asked(open_server: Serving) -> None:
    open_server.get(
        "/v1/query?metrics=a%0A%7B%22level%22%3A%22x%22%7D", headers={"X-Request-ID": "odd-one"}
    )
    entry = open_server.entry(request_id="odd-one")
    assert entry["metrics"] == ['a\n{"level":"x"}']
    assert all(line.startswith("{") for line in open_server.lines)


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines()])
def test_what_a_caller_sent_cannot_make_lines(formatter: logging.Formatter) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "request", None, None)
    record.fields = {"metrics": ["a\nb\x1b[31m"]}
    line = formatter.format(record)
    assert "\n" not in line
    assert "\x1b" not in line


class _Recorder(trace.Tracer):
    """A tracer that keeps what it is told, as an SDK would."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, int, Any]] = []

    def start_span(self, name: str, context: Context | None = None, **rest: object) -> trace.Span:
        parent = trace.get_current_span(context).get_span_context()
        self.spans.append((name, parent.trace_id, rest.get("attributes")))
        own = SpanContext(parent.trace_id or 1, 7, is_remote=False, trace_flags=TraceFlags(1))
        return NonRecordingSpan(own)

    @contextmanager
    def start_as_current_span(self, name: str, **rest: object) -> Iterator[trace.Span]:  # type: ignore[override]
        attributes = {"attributes": rest.get("attributes")}
        with trace.use_span(self.start_span(name, **attributes)) as span:
            yield span


def test_spans_belong_to_the_callers_trace(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = _Recorder()
    monkeypatch.setattr(trace, "get_tracer", lambda *_args, **_rest: recorder)
    engine = Engine(load_target(shop))
    service = Service(engine, Authenticator(everybody=LOCAL))
    app = application(service, Configuration(), Counters(), Readiness(engine))
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    client = TestClient(app, base_url="http://localhost")
    assert client.get("/v1/query?metrics=revenue", headers=headers).status_code == 200
    engine.close()
    names = [name for name, _, _ in recorder.spans]
    assert names == [f"metrics_store.{name}" for name in ("http", "answer", "plan", "execute")]
    assert {found for _, found, _ in recorder.spans} == {int(trace_id, 16)}
    assert recorder.spans[1][2]["metrics_store.door"] == "rest"
