"""The raw tables' columns and types, as the project's Pipedrive input contract has them."""

from __future__ import annotations

import pyarrow as pa

_ID = pa.int64()
_TEXT = pa.string()
_TIME = pa.timestamp("us")

SCHEMAS = {
    "activity": pa.schema(
        [
            ("activity_id", _ID),
            ("type", _TEXT),
            ("assigned_to_user", _ID),
            ("deal_id", _ID),
            ("done", pa.bool_()),
            ("due_to", _TIME),
        ]
    ),
    "activity_types": pa.schema([("id", _ID), ("name", _TEXT), ("active", _TEXT), ("type", _TEXT)]),
    "deal_changes": pa.schema(
        [
            ("deal_id", _ID),
            ("change_time", _TIME),
            ("changed_field_key", _TEXT),
            ("new_value", _TEXT),
        ]
    ),
    "fields": pa.schema(
        [("id", _ID), ("field_key", _TEXT), ("name", _TEXT), ("field_value_options", _TEXT)]
    ),
    "stages": pa.schema([("stage_id", _ID), ("stage_name", _TEXT)]),
    "users": pa.schema([("id", _ID), ("name", _TEXT), ("email", _TEXT), ("modified", _TIME)]),
}
