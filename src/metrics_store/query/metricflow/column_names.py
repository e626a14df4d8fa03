"""Column names in SQL: keywords stand in quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantics.specs.column_assoc import ColumnAssociation
from metricflow_semantics.specs.dunder_column_association_resolver import (
    DunderColumnAssociationResolver,
)

if TYPE_CHECKING:
    from metricflow_semantics.specs.instance_spec import InstanceSpec

# What DuckDB or PostgreSQL does not take for the name of a column by itself. PostgreSQL's `user` is
# worse than rejected: it is whoever is connected.
_KEYWORDS = """
all analyse analyze and anti any array as asc asof asymmetric at authorization binary both by
case cast check collate collation column columns concurrently constraint create cross
current_catalog current_date current_role current_schema current_time current_timestamp
current_user default deferrable desc describe distinct do else end except false fetch for
foreign freeze from full generated glob grant group having ilike in initially inner intersect
into is isnull join lambda lateral leading left like limit localtime localtimestamp map natural
not notnull null offset on only or order outer overlaps pivot pivot_longer pivot_wider placing
positional primary qualify references returning right select semi session_user show similar
some struct summarize symmetric system_user table tablesample then to trailing true try_cast
tuple union unique unpack unpivot user using variadic verbose when where window with
"""
SQL_KEYWORDS = frozenset(_KEYWORDS.split())


class QuotingColumnNames(DunderColumnAssociationResolver):  # type: ignore[misc]  # MetricFlow has no types
    """MetricFlow's names of columns, in quotes where they are words of SQL."""

    def resolve_spec(self, spec: InstanceSpec) -> ColumnAssociation:
        """Give the column of a metric or group-by."""
        plain = super().resolve_spec(spec)
        if plain.column_name not in SQL_KEYWORDS:
            return plain
        return ColumnAssociation(f'"{plain.column_name}"')

    def with_options(self, dunder_prefix_simple_metric_inputs: bool) -> QuotingColumnNames:  # noqa: FBT001 - MetricFlow's own
        """Give the same with other options."""
        return QuotingColumnNames(dunder_prefix_simple_metric_inputs)
