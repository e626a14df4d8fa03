"""Makes the raw tables of a DuckDB warehouse tables of Spark, in a process of its own.

Spark's metastore is open to one process at a time, and to that one until it ends.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
from pyspark.sql import SparkSession

from metrics_store.project.profile import load_target


def copy_raw_tables(project: Path, database: Path, files: Path) -> None:
    """Write the raw tables as Parquet, and tell Spark where they are.

    Args:
        project: The dbt project, whose target `spark` says how Spark is set up.
        database: The DuckDB file.
        files: Where the files are to be.
    """
    builder = SparkSession.builder.enableHiveSupport()
    for name, value in load_target(project, "spark").settings["server_side_parameters"].items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name like 'raw%'"
        ).fetchall()
        for schema, table in tables:
            file = files / schema / f"{table}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(f"copy {schema}.\"{table}\" to '{file}' (format parquet)")
            spark.sql(f"create schema if not exists {schema}")
            spark.sql(f"create table {schema}.`{table}` using parquet location '{file}'")


if __name__ == "__main__":
    copy_raw_tables(*map(Path, sys.argv[1:]))
