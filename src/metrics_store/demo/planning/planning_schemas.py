"""The raw tables' columns and types, as the project's planning input contract has them."""

from __future__ import annotations

import pyarrow as pa

SCHEMAS = {
    "quota": pa.schema(
        [("owner_id", pa.string()), ("month", pa.date32()), ("quota", pa.decimal128(24, 6))]
    ),
    "team_membership": pa.schema(
        [("owner_id", pa.string()), ("team", pa.string()), ("valid_from", pa.date32())]
    ),
}
