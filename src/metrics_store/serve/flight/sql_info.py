"""What `CommandGetSqlInfo` gives: name, version and abilities of the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from metrics_store.version import __version__

if TYPE_CHECKING:
    from collections.abc import Collection

# Numbers and meanings are those of the protocol's SqlInfo.
_FACTS: dict[int, str | bool | int] = {
    0: "metrics_store",  # the server's name
    1: __version__,
    2: pa.__version__,
    3: True,  # it only reads
    4: True,  # it takes SQL, of which one call of the semantic layer is all that it knows
    5: False,  # Substrait
    8: 0,  # no transactions
    9: True,  # answers can be cancelled
    100: 0,  # no limit of its own on how long a statement takes
    101: 0,  # nor on how long a transaction
    500: False,  # no DDL of catalogs
    501: False,  # nor of schemas
    502: False,  # nor of tables
    504: '"',  # what a quoted identifier stands in
}
_CHILDREN: list[tuple[str, pa.DataType]] = [
    ("string_value", pa.utf8()),
    ("bool_value", pa.bool_()),
    ("bigint_value", pa.int64()),
    ("int32_bitmask", pa.int32()),
    ("string_list", pa.list_(pa.utf8())),
    ("int32_to_int32_list_map", pa.map_(pa.int32(), pa.list_(pa.int32()))),
]
_CHILD_OF = {str: 0, bool: 1, int: 3}


def sql_info(numbers: Collection[int]) -> pa.Table:
    """Give values by their numbers, all of them where none are named; unknown ones are left out."""
    wanted = {number: fact for number, fact in _FACTS.items() if not numbers or number in numbers}
    children: list[list[object]] = [[] for _ in _CHILDREN]
    codes, offsets = [], []
    for fact in wanted.values():
        code = _CHILD_OF[type(fact)]
        codes.append(code)
        offsets.append(len(children[code]))
        children[code].append(fact)
    values = pa.UnionArray.from_dense(
        pa.array(codes, pa.int8()),
        pa.array(offsets, pa.int32()),
        [pa.array(held, kind) for held, (_, kind) in zip(children, _CHILDREN, strict=True)],
        [name for name, _ in _CHILDREN],
    )
    schema = pa.schema(
        [pa.field("info_name", pa.uint32(), nullable=False), pa.field("value", values.type)]
    )
    return pa.table([pa.array(list(wanted), pa.uint32()), values], schema=schema)
