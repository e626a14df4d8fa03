"""Definitions of views as PostgreSQL writes them, turned to relations in other schemas."""

from __future__ import annotations

import pytest

from metrics_store.build.postgres.postgres_catalog import with_schemas

SCHEMAS = {"marts": "marts__next_0", 'The "Odd" One': "odd__next_0"}
KNOWN = {("marts", "orders"), ("marts", "marts"), ('The "Odd" One', "a b")}


@pytest.mark.parametrize(
    ("definition", "turned"),
    [
        ("select orders.id from marts.orders", 'select orders.id from "marts__next_0".orders'),
        (
            'select 1 from ("The ""Odd"" One"."a b" x join marts.orders y on true)',
            'select 1 from ("odd__next_0"."a b" x join "marts__next_0".orders y on true)',
        ),
        # A text, a column of a table that is called like a schema, a relation that stays.
        ("select 'marts.orders', 'it''s marts.orders'", None),
        ("select marts.id from other.marts", None),
        ("select other.marts.orders from other.marts", None),
        ("select 1 from marts.mine", None),
        ("select 1 from marts.marts", 'select 1 from "marts__next_0".marts'),
        ("select 1 from marts__old.orders", None),
    ],
)
def test_only_what_has_moved_is_turned(definition: str, turned: str | None) -> None:
    assert with_schemas(definition, SCHEMAS, KNOWN) == (turned or definition)
