"""The dialects of the engines that MetricFlow has renderers for, by dbt's names of adapters."""

from __future__ import annotations

from metrics_store.query.dialects.dialect import PARTS, SPECIAL, Dialect, Folding
from metrics_store.query.dialects.keywords import KEYWORDS

# Both DuckDB and PostgreSQL store the rows of an expression that is read twice, before any filter.
_INLINED = "NOT MATERIALIZED "
# Where a backslash escapes, a doubled quote may end one text and begin another.
_WITH_QUOTES = SPECIAL | {"'"}

_DUCKDB = Dialect(
    "duckdb",
    keywords=KEYWORDS,
    text_type="TEXT",
    ordered_type="VARCHAR",
    collation=' COLLATE "C"',
    like="{text} LIKE {pattern} ESCAPE ''",
    inlined=_INLINED,
    is_tolerant=True,
    has_fast_plans=True,
)
_POSTGRES = Dialect(
    "postgres",
    keywords=KEYWORDS,
    text_type="TEXT",
    ordered_type="VARCHAR",
    collation=' COLLATE "C"',
    folding=Folding.LOCALE,
    like="{text} LIKE {pattern} ESCAPE ''",
    inlined=_INLINED,
    has_fast_plans=True,
)
_SPARK = Dialect(
    "spark",
    quote="`",
    text_type="STRING",
    double_type="DOUBLE",
    special=_WITH_QUOTES,
    # Its CHR knows 256 characters.
    character="DECODE(X'{utf8}', 'UTF-8')",
    has_escapes=True,
    parts=PARTS
    | {
        "day_of_week": "(EXTRACT(DAYOFWEEK FROM {}) - 1)",
        "iso_day_of_week": "EXTRACT(DAYOFWEEK_ISO FROM {})",
    },
    folding=Folding.WHOLE_WORDS,
)
_DATABRICKS = Dialect(
    "databricks",
    quote="`",
    text_type="STRING",
    double_type="DOUBLE",
    special=_WITH_QUOTES,
    character=_SPARK.character,
    has_escapes=True,
    parts=_SPARK.parts,
    folding=Folding.WHOLE_WORDS,
)
_SNOWFLAKE = Dialect(
    "snowflake",
    has_escapes=True,
    parts=PARTS
    | {
        # Without ISO they depend on parameters of the session.
        "week": "EXTRACT(WEEKISO FROM {})",
        "day_of_year": "EXTRACT(DAYOFYEAR FROM {})",
        "day_of_week": "MOD(EXTRACT(DAYOFWEEKISO FROM {}), 7)",
        "iso_day_of_week": "EXTRACT(DAYOFWEEKISO FROM {})",
    },
    trimmed="TRIM({}, ' ')",
)
_BIGQUERY = Dialect(
    "bigquery",
    quote="`",
    text_type="STRING",
    double_type="FLOAT64",
    timestamp_type="DATETIME",
    special=_WITH_QUOTES,
    character="CODE_POINTS_TO_STRING([{0}])",
    has_escapes=True,
    parts=PARTS
    | {
        "week": "EXTRACT(ISOWEEK FROM {})",
        "day_of_year": "EXTRACT(DAYOFYEAR FROM {})",
        "day_of_week": "(EXTRACT(DAYOFWEEK FROM {}) - 1)",
        "iso_day_of_week": "(MOD(EXTRACT(DAYOFWEEK FROM {}) + 5, 7) + 1)",
    },
    trimmed="TRIM({}, ' ')",
    # It has no ESCAPE: a backslash always is one. A \x01 stands for what is written as !!.
    like=r"{text} LIKE REPLACE({pattern}, '\\', '\\\\')",
    escaped_like=r"{text} LIKE REPLACE(REGEXP_REPLACE(REPLACE(REPLACE({pattern}, '\\', '\\\\'), "
    r"'!!', '\x01'), '!([%_])', '\\\\\\1'), '\x01', '!')",
)
_REDSHIFT = Dialect(
    "redshift",
    # TEXT and VARCHAR alone have 256 bytes.
    text_type="VARCHAR(65535)",
    # Its CHR knows ASCII.
    character="FROM_VARBYTE(FROM_HEX('{utf8}'), 'utf8')",
    has_escapes=True,
    parts=PARTS | {"iso_day_of_week": "(MOD(CAST(EXTRACT(DOW FROM {}) AS INTEGER) + 6, 7) + 1)"},
)
_OF_TRINO = PARTS | {
    # Its weeks begin on Monday, with 1.
    "day_of_week": "MOD(EXTRACT(DOW FROM {}), 7)",
    "iso_day_of_week": "EXTRACT(DOW FROM {})",
}
# TIMESTAMP alone has milliseconds.
_TRINO = Dialect("trino", double_type="DOUBLE", timestamp_type="TIMESTAMP(6)", parts=_OF_TRINO)
_ATHENA = Dialect("athena", double_type="DOUBLE", timestamp_type="TIMESTAMP(6)", parts=_OF_TRINO)
_VERTICA = Dialect(
    "vertica",
    # VARCHAR alone has 80 bytes.
    text_type="VARCHAR(65000)",
    # Its CHR knows ASCII.
    character=r"U&'\+{0:06X}'",
    parts=PARTS | {"week": "EXTRACT(ISOWEEK FROM {})"},
)

DIALECTS = {
    one.name: one
    for one in (
        _DUCKDB,
        _POSTGRES,
        _SPARK,
        _DATABRICKS,
        _SNOWFLAKE,
        _BIGQUERY,
        _REDSHIFT,
        _TRINO,
        _ATHENA,
        _VERTICA,
    )
}
# What is read without a dialect of its own, such as a request's shape.
USUAL = _DUCKDB
