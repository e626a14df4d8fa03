"""Files of golden values: written as they are read, and what is wrong with one is said by line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.review.golden.golden_file import GoldenQuestion, read_golden_file
from metrics_store.review.golden.golden_writer import as_yaml

if TYPE_CHECKING:
    from pathlib import Path


def _read(directory: Path, content: str | bytes) -> dict[str, list[GoldenQuestion]]:
    path = directory / "golden" / "some.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_golden_file(path, directory)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    options = {
        "group_by": ["metric_time__month", "order__status"],
        "where": ["order__status = 'paid'"],
        "order_by": ["-metric_time__month"],
        "limit": 3,
        "start_time": dt.date(2024, 1, 1),
        "end_time": "2024-02-01T12:00:00",
    }
    asked = [
        GoldenQuestion("b", {}, '"b"\n\n'),
        GoldenQuestion("b", options, '"é","b"\n"a\tb ",1\n', "Why: it is so."),
        GoldenQuestion("b", {"where": "order__status = 'paid'"}),
    ]
    text = as_yaml({"b": asked, "a": [GoldenQuestion("a", {}, '"a"\n1\n')]})
    read = _read(tmp_path, text)
    assert list(read) == ["b", "a"]
    for before, after in zip(asked, read["b"], strict=True):
        assert (before.options, before.answer, before.note) == (
            after.options,
            after.answer,
            after.note,
        )
        assert after.request().metrics == ("b",)
    assert as_yaml(read) == text
    assert '  - answer: |\n      "a"\n      1\n' in text
    assert "group_by: [metric_time__month, order__status]\n" in text
    lines = text.splitlines()
    assert [lines[one.line - 1][:4] for one in read["b"]] == ["  - "] * 3


def test_an_empty_file(tmp_path: Path) -> None:
    assert _read(tmp_path, "# Nothing yet.\n") == {}


BAD: list[tuple[str | bytes, str]] = [
    ("a:\n  - answer: |\n      1\n   b: [\n", "golden/some.yml, line 4"),
    ("a: [\n", "golden/some.yml, line 2"),
    ("a: []\nb: []\na: []\n", "line 3"),
    ("- a\n", "line 1"),
    ("a: {answer: x}\n", "a list of questions"),
    ("a: [x]\n", "a mapping with the keys note, group_by"),
    ("a:\n  - answer: x\n  - {anwser: x}\n", "line 3: a[1].anwser"),
    ("a:\n  - {answer: 7}\n", "line 2: a[0].answer"),
    ("a:\n  - {limit: many}\n", "line 2: a[0]: `limit` cannot be a text"),
    ("a:\n  - {where: 'x = = 1'}\n", "line 2: a[0]: "),
    ("a:\n  - {metrics: [b]}\n", "a[0].metrics"),
    ("a:\n  - {start_time: 2024-99-01x}\n", "line 2: a[0]: `start_time` is no day and no time"),
    ("a: !!python/object:os.system x\n", "line 1"),
    (b"\xff\xfe\x00", "golden/some.yml"),
    (b"a: [\x00]\n", "golden/some.yml"),
    ("a:\n  - {start_time: 2024-13-45}\n", "golden/some.yml"),
    ("a: " + "[" * 5_000, "golden/some.yml"),
]


@pytest.mark.parametrize(("content", "place"), BAD)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, content: str | bytes, place: str
) -> None:
    with pytest.raises(MetricsStoreError) as caught:
        _read(tmp_path, content)
    assert place in str(caught.value)
    assert "golden/some.yml" in caught.value.where
