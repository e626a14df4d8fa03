"""Whatever is sent, the answer is rows or words, never a breakdown, a path or a traceback."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from serve.server_process import Serving

pytestmark = pytest.mark.xdist_group("shop")

_KEYS = [
    "metrics",
    "group_by",
    "where",
    "order_by",
    "limit",
    "start_time",
    "end_time",
    "saved_query",
    "page",
    "page_size",
    "dimension",
]
_NAMES = [
    "revenue",
    "order__status",
    "metric_time__month",
    "-revenue",
    "revenue; drop table orders",
    "'; select 1 --",
    "{{ Dimension('order__status') }} = 'paid'",
    "{{ ''.__class__ }}",
    "read_text('/etc/passwd') = 'x'",
    "order__status in (select marker from orders)",
    "../../etc/passwd",
    "\0",
    "\ud800",
    "2024-01-01",
    "9" * 400,
]
_scalars = st.one_of(
    st.sampled_from(_NAMES),
    st.text(max_size=30),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
_values = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["and", "or", "not", "compare", "name", "value", "in"]) | st.text(),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
_questions = st.dictionaries(st.sampled_from(_KEYS), _values, max_size=5)
_PATHS = ["/v1/query", "/v1/sql", "/v1/dimension-values"]


def _check(text: str, status: int, server: Serving) -> None:
    assert status in (200, 400, 404, 406, 413), text
    for word in ("Traceback", "site-packages", "metrics_store/", str(server.process.args)[:20]):
        assert word not in text
    assert "/etc/passwd:" not in text
    assert "root:" not in text


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=st.sampled_from(_PATHS), question=_questions)
def test_bodies(open_server: Serving, path: str, question: dict[str, Any]) -> None:
    found = open_server.post(path, question)
    _check(found.text, found.status_code, open_server)


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.sampled_from([*_PATHS, "/v1/metrics", "/v1/dimensions", "/v1/metrics/revenue"]),
    pairs=st.lists(
        st.tuples(
            st.sampled_from([*_KEYS, "format", "search"]) | st.text(string.printable, max_size=5),
            st.sampled_from(_NAMES[:-4]) | st.text(max_size=20),
        ),
        max_size=4,
    ),
)
def test_query_strings(open_server: Serving, path: str, pairs: list[tuple[str, str]]) -> None:
    text = "&".join(
        f"{quote(name, safe='')}={quote(value, safe='', errors='replace')}" for name, value in pairs
    )
    found = open_server.get(f"{path}?{text}")
    _check(found.text, found.status_code, open_server)
