"""The raw tables' columns and types, as the project's contract of Pipedrive's records has them."""

from __future__ import annotations

import pyarrow as pa

_ID = pa.int64()
_TEXT = pa.string()
_TIME = pa.timestamp("us")
_DAY = pa.date32()

SCHEMAS = {
    "deals": pa.schema(
        [
            ("id", _ID),
            ("title", _TEXT),
            ("value", pa.decimal128(18, 6)),
            ("currency", _TEXT),
            ("status", _TEXT),
            ("stage_id", _TEXT),
            ("pipeline_id", _TEXT),
            ("user_id", _TEXT),
            ("org_id", _TEXT),
            ("person_id", _TEXT),
            ("probability", pa.decimal128(9, 6)),
            ("label", _TEXT),
            ("lost_reason", _TEXT),
            ("origin", _TEXT),
            ("expected_close_date", _DAY),
            ("add_time", _TIME),
            ("update_time", _TIME),
            ("stage_change_time", _TIME),
            ("close_time", _TIME),
            ("won_time", _TIME),
            ("lost_time", _TIME),
            ("deleted", pa.bool_()),
        ]
    ),
    "dealflow": pa.schema(
        [
            ("id", _ID),
            ("item_id", _ID),
            ("user_id", _TEXT),
            ("field_key", _TEXT),
            ("old_value", _TEXT),
            ("new_value", _TEXT),
            ("log_time", _TIME),
        ]
    ),
    "pipelines": pa.schema([("id", _ID), ("name", _TEXT)]),
    "stages": pa.schema(
        [
            ("id", _ID),
            ("name", _TEXT),
            ("pipeline_id", _TEXT),
            ("order_nr", _ID),
            ("deal_probability", pa.decimal128(9, 6)),
        ]
    ),
    "organizations": pa.schema(
        [
            ("id", _ID),
            ("name", _TEXT),
            ("owner_id", _TEXT),
            ("industry", _TEXT),
            ("annual_revenue", pa.decimal128(18, 6)),
            ("address_locality", _TEXT),
            ("address_admin_area_level_1", _TEXT),
            ("address_country", _TEXT),
            ("active_flag", pa.bool_()),
            ("add_time", _TIME),
        ]
    ),
    "persons": pa.schema([("id", _ID), ("name", _TEXT), ("org_id", _TEXT)]),
    "users": pa.schema(
        [("id", _ID), ("name", _TEXT), ("email", _TEXT), ("active_flag", pa.bool_())]
    ),
    "activities": pa.schema(
        [
            ("id", _ID),
            ("type", _TEXT),
            ("user_id", _TEXT),
            ("deal_id", _ID),
            ("done", pa.bool_()),
            ("due_date", _DAY),
            ("due_time", _TEXT),
            ("active_flag", pa.bool_()),
        ]
    ),
    "activity_types": pa.schema(
        [("id", _ID), ("name", _TEXT), ("key_string", _TEXT), ("active_flag", pa.bool_())]
    ),
}
