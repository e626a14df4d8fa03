"""Whether raw tables in PostgreSQL changed during a review."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from metrics_store.warehouse.postgres.postgres_connection import connect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.project.profile import Target

# The server's counters lag behind by as much.
_LAG_SECONDS = 1.1

# A table that was truncated or written anew lies in another file.
_STATE = """
select schemaname || '.' || relname, relid::bigint, pg_relation_filenode(relid)::bigint,
    n_tup_ins, n_tup_upd, n_tup_del
from pg_stat_all_tables
where schemaname || '.' || relname = any(%s)
"""


def state_of_tables(tables: Iterable[str], target: Target) -> dict[str, tuple[int, ...]]:
    """Give what changes with the rows of tables (`schema.table`), without reading them.

    Raises:
        MetricsStoreError: The server cannot be reached.
    """
    with connect(target) as connection:
        found = connection.execute(_STATE, [sorted(tables)]).fetchall()
    return {name: tuple(numbers) for name, *numbers in found}


def changed_tables(
    before: dict[str, tuple[int, ...]], tables: Iterable[str], target: Target
) -> list[str]:
    """Name the tables whose rows changed since.

    Raises:
        MetricsStoreError: The server cannot be reached.
    """
    time.sleep(_LAG_SECONDS)
    after = state_of_tables(tables, target)
    return sorted(name for name in before | after if before.get(name) != after.get(name))
