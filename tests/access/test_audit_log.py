"""The audit log has a whole line for every request, and says when it cannot be written."""

from __future__ import annotations

import json
import stat
import threading
from typing import TYPE_CHECKING

from metrics_store.access.audit_log import AuditLog
from metrics_store.access.principal import Principal
from metrics_store.query.filters.parser.filter_parser import parse_filter
from metrics_store.query.metric_request import MetricRequest

if TYPE_CHECKING:
    from pathlib import Path

ANA = Principal("ana\n{}", frozenset({"sales"}), {"teams": ("EMEA",)})


def _write(log: AuditLog, number: int = 0) -> None:
    log.write(
        principal=ANA,
        interface="rest",
        request_id=str(number),
        action="answer",
        request=MetricRequest(
            metrics=["revenue"], where=parse_filter("order__status = 'a\nb'"), limit=3
        ),
        outcome="ok",
        rows=7,
        seconds=0.01234,
    )


def test_a_line_says_who_asked_what(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    _write(AuditLog(path))
    [line] = path.read_text(encoding="utf-8").splitlines()
    entry = json.loads(line)
    assert entry.pop("time").endswith("+00:00")
    condition = {"name": {"name": "order__status"}, "operator": "=", "value": "a\nb"}
    assert entry == {
        "request_id": "0",
        "door": "rest",
        "principal": "ana\n{}",
        "groups": ["sales"],
        "action": "answer",
        "asked": {"metrics": ["revenue"], "where": {"compare": condition}, "limit": 3},
        "outcome": "ok",
        "rows": 7,
        "milliseconds": 12.3,
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_lines_of_many_threads_and_logs_stay_whole(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    logs = [AuditLog(path), AuditLog(path)]

    def work(start: int) -> None:
        for number in range(start, start + 50):
            _write(logs[start % 2], number)

    threads = [threading.Thread(target=work, args=[start]) for start in range(0, 400, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = path.read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["request_id"] for line in lines} == set(map(str, range(400)))


def test_a_log_that_was_moved_away_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    log = AuditLog(path)
    _write(log)
    path.rename(tmp_path / "audit.1.jsonl")
    _write(log)
    assert len(path.read_text(encoding="utf-8").splitlines()) == 1


def test_a_full_disk_is_a_problem_and_no_failure(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl")
    assert log.problem is None
    full = AuditLog(path=type(tmp_path)("/dev/full"))
    _write(full)
    assert full.problem == "No space left on device"
    gone = AuditLog(tmp_path / "nowhere" / "audit.jsonl")
    assert gone.problem == "No such file or directory"
