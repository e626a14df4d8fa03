"""Large and odd tables go out whole, a piece at a time."""

from __future__ import annotations

import io
import json

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from metrics_store.serve.rest.formats import FORMATS, as_arrow, as_csv, as_json, as_parquet

NUMBERS = pa.table({"number": list(range(50_000)), "text": [f"t{n}" for n in range(50_000)]})


def test_large_tables_come_in_pieces_that_make_the_whole() -> None:
    for one in FORMATS:
        pieces = [piece for piece in one.write(NUMBERS, {}) if piece]
        assert len(pieces) > 3, one.name
    whole = pa.ipc.open_stream(b"".join(as_arrow(NUMBERS, {}))).read_all()
    assert whole.equals(NUMBERS)
    parquet = io.BytesIO(b"".join(as_parquet(NUMBERS, {})))
    assert pa.parquet.read_table(parquet).equals(NUMBERS)
    csv = io.BytesIO(b"".join(as_csv(NUMBERS, {})))
    assert pa.csv.read_csv(csv).equals(NUMBERS)
    assert json.loads(b"".join(as_json(NUMBERS, {})))["rows"] == NUMBERS.to_pylist()


def test_json_has_no_word_for_what_is_no_number() -> None:
    table = pa.table({"x": [1.5, float("nan"), float("inf"), None]})
    rows = json.loads(b"".join(as_json(table, {})), parse_constant=pytest.fail)["rows"]
    assert [row["x"] for row in rows] == [1.5, None, None, None]


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_no_rows(one: object) -> None:
    empty = NUMBERS.slice(0, 0)
    written = b"".join(one.write(empty, {"page": 1}))  # type: ignore[attr-defined]
    assert written
    if one.name == "json":  # type: ignore[attr-defined]
        assert json.loads(written)["rows"] == []
