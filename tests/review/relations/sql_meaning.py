"""SQL over tables that every test may use: `deals` and `owners` are known, `events` is open."""

from metrics_store.review.relations import Relation, relation_of_sql, seed_relation, source_relation

_TABLES = {
    "deals": seed_relation("deals", ["id", "owner", "amount", "stage", "day", "won", "tags"]),
    "owners": seed_relation("owners", ["owner", "team", "region"]),
    "events": source_relation("events"),
    "others": source_relation("others"),
}


def read(sql: str, dialect: str = "duckdb") -> Relation:
    return relation_of_sql(sql, lambda table: _TABLES.get(table.name.lower()), dialect)


def meaning(sql: str, dialect: str = "duckdb") -> tuple[str, dict[str, str], str]:
    found = read(sql, dialect)
    return found.rows, dict(found.columns), found.whole
