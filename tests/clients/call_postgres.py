"""Asks metrics over PostgreSQL's protocol by tools that need an environment; prints JSON.

The variable TOOL says by which, PORT where, STATEMENT what; LIBRARY is a driver's file.
"""

from __future__ import annotations

import json
import os
from typing import Any

PORT, STATEMENT = os.environ["PORT"], os.environ["STATEMENT"]
URI = f"postgresql://ana@127.0.0.1:{PORT}/metrics"
TABLE = ("metrics", "orders")


def by_polars() -> dict[str, Any]:
    import polars as pl  # noqa: PLC0415 - each tool is there or not

    frame = pl.read_database_uri(STATEMENT, URI, engine="adbc")
    return {"rows": frame.rows(), "types": [str(one) for one in frame.dtypes]}


def by_odbc() -> dict[str, Any]:
    import pyodbc  # noqa: PLC0415

    connection = pyodbc.connect(
        f"DRIVER={os.environ['LIBRARY']};SERVER=127.0.0.1;PORT={PORT};DATABASE=metrics;UID=ana;"
        f"{os.environ.get('OPTIONS', '')}"
    )
    cursor = connection.cursor()
    schema, table = TABLE
    tables = [row.table_name for row in cursor.tables(schema=schema)]
    columns = {
        row.column_name: [row.type_name, row.remarks]
        for row in cursor.columns(table, schema=schema)
    }
    keys = [list(row) for row in cursor.primaryKeys(table, schema=schema)]
    rows = [list(row) for row in cursor.execute(STATEMENT)]
    asked = "select agg(revenue) from orders where order__status = ? and metric_time >= ?"
    (by_parameter,) = cursor.execute(asked, "paid", "2024-02-01").fetchone()
    try:
        cursor.execute("select count(*) from metrics.orders")
    except pyodbc.Error as error:
        refused = str(error)
    return {
        "rows": rows, "tables": tables, "columns": columns, "keys": keys,
        "by_parameter": by_parameter, "refused": refused,
    }  # fmt: skip


def by_jdbc() -> dict[str, Any]:
    import jpype  # noqa: PLC0415

    jpype.startJVM(classpath=[os.environ["LIBRARY"]])
    url = f"jdbc:postgresql://127.0.0.1:{PORT}/metrics?user=ana"
    connection = jpype.JClass("java.sql.DriverManager").getConnection(url)
    metadata = connection.getMetaData()
    schema, table = TABLE

    def listed(result: Any, *names: str) -> list[list[str | None]]:  # noqa: ANN401 - Java's
        found = []
        while result.next():
            found.append([_text(result.getString(name)) for name in names])
        return found

    statement = connection.prepareStatement(STATEMENT)
    described = statement.getMetaData()
    types = [str(described.getColumnTypeName(n + 1)) for n in range(described.getColumnCount())]
    result = statement.executeQuery()
    rows = []
    while result.next():
        rows.append([_text(result.getString(n + 1)) for n in range(len(types))])
    # A server-side statement from the fifth time on; and rows by a cursor.
    connection.setAutoCommit(False)
    by_parameter = []
    asked = connection.prepareStatement("select agg(revenue) from orders where order__status = ?")
    asked.setFetchSize(1)
    for _ in range(7):
        asked.setString(1, "paid")
        again = asked.executeQuery()
        again.next()
        by_parameter.append(_text(again.getString(1)))
    connection.commit()
    tables = listed(
        metadata.getTables(None, schema, "%", None), "TABLE_NAME", "TABLE_TYPE", "REMARKS"
    )
    columns = listed(
        metadata.getColumns(None, schema, table, "%"), "COLUMN_NAME", "TYPE_NAME", "REMARKS"
    )
    return {
        "rows": rows, "types": types, "tables": tables, "columns": columns,
        "by_parameter": by_parameter,
        "schemas": listed(metadata.getSchemas(), "TABLE_SCHEM"),
        "catalogs": listed(metadata.getCatalogs(), "TABLE_CAT"),
        "types_of_tables": listed(metadata.getTableTypes(), "TABLE_TYPE"),
        "type_info": len(listed(metadata.getTypeInfo(), "TYPE_NAME")),
        "keys": listed(metadata.getPrimaryKeys(None, schema, table), "COLUMN_NAME"),
        "imported": listed(metadata.getImportedKeys(None, schema, table), "FKCOLUMN_NAME"),
        "indexes": listed(metadata.getIndexInfo(None, schema, table, *(False, True)), "INDEX_NAME"),
        "functions": len(listed(metadata.getFunctions(None, schema, "%"), "FUNCTION_NAME")),
        "privileges": listed(
            metadata.getTablePrivileges(None, schema, table), "PRIVILEGE"
        ),
    }  # fmt: skip


def _text(value: object) -> str | None:
    return None if value is None else str(value)


TOOLS = {"jdbc": by_jdbc, "odbc": by_odbc, "polars": by_polars}
print(json.dumps(TOOLS[os.environ["TOOL"]](), default=str))  # noqa: T201 - read by the test
