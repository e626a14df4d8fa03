"""Marks of PostgreSQL's tables, which change when their rows do: a server has no generations.

A table that is built anew is another relation. Changes within a table are counted by the server: a
session reports its own when it has been idle for ten seconds at the latest. So what was found out
about a table counts as long as nothing was written in the whole server, or the counts are the same
and every other session of the database has been idle for so long that it has reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.engine.rollups.table_state import TableState
from metrics_store.query.filters.sql_literals import render_value
from metrics_store.warehouse.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from metrics_store.query.rollups.rollup_table import RollupTable

# What views and tables of elsewhere read may change unseen, and parts of a table are others.
_MARKS = """
with named as (
    select oid, relkind, relname from pg_class where oid in (<relations>)
)
select
    cast(pg_snapshot_xmax(pg_current_snapshot()) as text) as written,
    current_setting('track_counts') = 'on' as counted,
    (
        select string_agg(relname, ', ' order by relname)
        from named where relkind not in ('r', 'm')
    ) as unmarked,
    (
        select string_agg(
            format(
                '%s %s %s %s %s', oid, pg_relation_filenode(oid),
                pg_stat_get_tuples_inserted(oid), pg_stat_get_tuples_updated(oid),
                pg_stat_get_tuples_deleted(oid)
            ), ', ' order by oid
        )
        from named
    ) as marks,
    (
        select count(*)
        from pg_stat_activity
        where datname = current_database()
            and pid != pg_backend_pid()
            and backend_type = 'client backend'
            and application_name != 'metrics'
            and (
                state is null or state not like 'idle%'
                or state_change > clock_timestamp() - interval '15 seconds'
                or state like 'idle in transaction%'
            )
    ) as busy
"""
_UNSETTLED = "may be about to change: others are writing to the database"


@dataclass
class _Known:
    """What was found out about a roll-up.

    Attributes:
        marks: The marks of its tables then.
        written: Which transaction was the next in the server then.
        state: What was found out.
    """

    marks: str
    written: str
    state: TableState


class TableMarks:
    """Knows the states of roll-ups by the marks of their tables.

    Args:
        read: Runs a statement.
    """

    def __init__(self, read: Callable[[Statement], pa.Table]) -> None:
        self._read = read
        self._known: dict[str, _Known] = {}

    def state(
        self,
        table: RollupTable,
        relations: Sequence[str],
        look: Callable[[str], TableState],
    ) -> TableState:
        """Give the state of a roll-up now.

        Args:
            table: The roll-up.
            relations: It, and what its rows may come from.
            look: Looks it over; gets the marks, by which the state may be kept.
        """
        now = self._now(relations)
        if now["unmarked"]:
            return TableState(f"cannot be told from an older one: {now['unmarked']} is no table")
        if not now["counted"]:
            return TableState("cannot be told from an older one: track_counts is off")
        marks = str(now["marks"])
        known = self._known.get(table.name)
        if known is None or known.marks != marks:
            state = look(marks)
            after = self._now(relations)
            if str(after["marks"]) != marks:
                return TableState(_UNSETTLED)
            known = self._known[table.name] = _Known(marks, str(now["written"]), state)
            now = after
        written = str(now["written"])
        if written != known.written:
            if now["busy"]:
                return TableState(_UNSETTLED)
            known.written = written
        return known.state

    def _now(self, relations: Sequence[str]) -> dict[str, object]:
        # All of it is out of the definitions; a name may have any letters.
        texts = (f"to_regclass({render_value(name)})" for name in relations)
        sql = _MARKS.replace("<relations>", ", ".join(texts))
        found: dict[str, object] = self._read(Statement(sql)).to_pylist()[0]
        return found
