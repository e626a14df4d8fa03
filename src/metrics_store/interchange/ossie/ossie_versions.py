"""The versions of Ossie that are spoken, and in what they differ."""

from __future__ import annotations

from dataclasses import dataclass

# Dialects that sqlglot can parse, by its names; the empty one is its own, nearest to ANSI.
SQL_DIALECTS = {
    "ANSI_SQL": "",
    "SNOWFLAKE": "snowflake",
    "DATABRICKS": "databricks",
    "BIGQUERY": "bigquery",
}
_DIALECTS = ("ANSI_SQL", "SNOWFLAKE", "MDX", "TABLEAU", "DATABRICKS")
_VENDORS = ("COMMON", "SNOWFLAKE", "SALESFORCE", "DBT", "DATABRICKS")


@dataclass(frozen=True)
class OssieVersion:
    """A version of Ossie.

    Attributes:
        number: What a document says it is.
        dialects: The dialects that expressions may be in.
        vendors: The vendors that extensions may name; empty where any may be.
        own_vendor: The vendor that our extensions name.
        read_by_dbt: Whether dbt reads it: by names of fields where others look for columns, each
            field that is no key as a dimension, and few metrics rightly.
    """

    number: str
    dialects: tuple[str, ...]
    vendors: tuple[str, ...]
    own_vendor: str
    read_by_dbt: bool


VERSIONS = {
    version.number: version
    for version in (
        # Its vendors are a closed list, and dbt refuses a document that names another.
        OssieVersion("0.1.1", _DIALECTS, _VENDORS, "COMMON", read_by_dbt=True),
        OssieVersion(
            "0.2.0.dev0",
            (*_DIALECTS, "MAQL", "BIGQUERY", "SIGMA", "THOUGHTSPOT", "DAX"),
            (),
            "METRICS_STORE",
            read_by_dbt=False,
        ),
    )
}
