"""Python's parser is used by one thread at a time."""

from __future__ import annotations

import ast
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from metrics_store.query.calls.object_parser import saved_group_by
from metrics_store.query.calls.statement_parser import parse_statement
from metrics_store.query.filters.parser.filter_parser import parse_filter

if TYPE_CHECKING:
    import pytest

MONTH = "TimeDimension('metric_time', 'month')"


def test_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    parse, inside, met = ast.parse, threading.Semaphore(1), []  # noqa: TID251 - to watch it

    def watched(*given: Any, **named: Any) -> ast.AST:  # noqa: ANN401 - whatever it is given
        met.append(inside.acquire(blocking=False))
        # Long enough for another thread to come in, if it may.
        time.sleep(0.05)
        tree: ast.AST = parse(*given, **named)
        if met[-1]:
            inside.release()
        return tree

    monkeypatch.setattr(ast, "parse", watched)
    with ThreadPoolExecutor(3) as threads:
        asked = [
            threads.submit(parse_filter, f"{{{{ {MONTH} }}}} > '2024-01-01'"),
            threads.submit(parse_statement, "{{ semantic_layer.query(metrics=['revenue']) }}"),
            threads.submit(saved_group_by, MONTH),
        ]
        for one in asked:
            one.result()
    assert len(met) >= 3
    assert all(met)
