"""The comments of a warehouse's tables, such as where their rows come from."""

from __future__ import annotations

_SQL = {
    "duckdb": """
        SELECT schema_name, table_name, comment AS said FROM duckdb_tables()
        WHERE comment IS NOT NULL
        UNION ALL
        SELECT schema_name, view_name, comment FROM duckdb_views()
        WHERE comment IS NOT NULL AND NOT internal
        ORDER BY schema_name, table_name
    """,
    "postgres": """
        SELECT CAST(nspname AS TEXT) AS schema_name, CAST(relname AS TEXT) AS table_name,
               obj_description(pg_class.oid, 'pg_class') AS said
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind IN ('r', 'p') AND obj_description(pg_class.oid, 'pg_class') IS NOT NULL
        ORDER BY 1, 2
    """,
}


def comments_sql(dialect: str) -> str:
    """Give the query for `schema_name`, `table_name` and what is `said` of each table.

    It is empty where an engine has no query for it.
    """
    return _SQL.get(dialect, "")
