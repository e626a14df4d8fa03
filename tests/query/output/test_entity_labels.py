"""Names in the place of keys."""

from __future__ import annotations

import pyarrow as pa

from metrics_store.query.output.entity_labels import with_labels


def test_names_stand_where_keys_stood() -> None:
    answer = pa.table(
        {
            "owner__label": ["Ada", "Ada", None, None],
            "owner": [1, 2, 3, None],
            "month": ["m", "m", "m", "m"],
            "deals": [5, 6, 7, 8],
        }
    )
    found = with_labels(answer, {"owner": "owner__label"})
    assert found.to_pydict() == {
        # Two of one name are two; who has no name has the key, and nobody stays nobody.
        "owner": ["Ada", "Ada", "3", None],
        "month": ["m", "m", "m", "m"],
        "deals": [5, 6, 7, 8],
    }
