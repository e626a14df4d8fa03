"""The raw tables' columns and types, as the project's Salesforce input contract has them."""

from __future__ import annotations

import pyarrow as pa

_TEXT, _FLAG, _TIME, _DAY = pa.string(), pa.bool_(), pa.timestamp("us"), pa.date32()
_AMOUNT, _PERCENT = pa.decimal128(24, 6), pa.decimal128(9, 6)
_SPECIAL = {
    "is_deleted": _FLAG,
    "is_active": _FLAG,
    "is_closed": _FLAG,
    "is_won": _FLAG,
    "annual_revenue": _AMOUNT,
    "amount": _AMOUNT,
    "expected_revenue": _AMOUNT,
    "probability": _PERCENT,
    "number_of_employees": pa.int64(),
    "fiscal_year": pa.int32(),
    "fiscal_quarter": pa.int32(),
    "system_modstamp": _TIME,
    "close_date": _DAY,
    "last_activity_date": _DAY,
    "created_date": _TIME,
    "last_modified_date": _TIME,
    "last_stage_change_date": _TIME,
}
_AUDIT = "created_date created_by_id last_modified_date last_modified_by_id system_modstamp"
_TABLES = {
    "account": (
        "id is_deleted master_record_id name type parent_id industry annual_revenue"
        " number_of_employees billing_city billing_state billing_country currency_iso_code"
        f" owner_id last_activity_date {_AUDIT}"
    ),
    "user": (
        "id username name first_name last_name email title department is_active user_type"
        f" user_role_id manager_id {_AUDIT}"
    ),
    "user_role": (
        "id name parent_role_id rollup_description last_modified_date last_modified_by_id"
        " system_modstamp"
    ),
    "opportunity": (
        "id is_deleted account_id owner_id name stage_name amount currency_iso_code probability"
        " expected_revenue close_date type lead_source next_step is_closed is_won"
        " forecast_category forecast_category_name campaign_id last_stage_change_date"
        f" last_activity_date fiscal_year fiscal_quarter {_AUDIT}"
    ),
    "opportunity_history": (
        "id is_deleted opportunity_id created_date created_by_id stage_name amount"
        " currency_iso_code expected_revenue probability close_date forecast_category"
        " system_modstamp"
    ),
    "opportunity_field_history": (
        "id is_deleted opportunity_id field old_value new_value created_date created_by_id"
    ),
}
SCHEMAS = {
    table: pa.schema([(name, _SPECIAL.get(name, _TEXT)) for name in columns.split()])
    for table, columns in _TABLES.items()
}
