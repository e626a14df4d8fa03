"""Column names in SQL: keywords stand in quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metricflow_semantics.specs.column_assoc import ColumnAssociation
from metricflow_semantics.specs.dunder_column_association_resolver import (
    DunderColumnAssociationResolver,
)

if TYPE_CHECKING:
    from metricflow_semantics.specs.instance_spec import InstanceSpec

    from metrics_store.query.dialects.dialect import Dialect


class QuotingColumnNames(DunderColumnAssociationResolver):  # type: ignore[misc]  # MetricFlow has no types
    """MetricFlow's names of columns, in quotes where they are words of SQL.

    Args:
        dialect: The SQL.
        more: MetricFlow's own options.
    """

    def __init__(self, dialect: Dialect, **more: bool) -> None:
        super().__init__(**more)
        self._dialect = dialect

    @property
    def dialect(self) -> Dialect:
        """The SQL that the names stand in."""
        return self._dialect

    def resolve_spec(self, spec: InstanceSpec) -> ColumnAssociation:
        """Give the column of a metric or group-by."""
        plain = super().resolve_spec(spec)
        return ColumnAssociation(self._dialect.column(plain.column_name))

    def with_options(self, dunder_prefix_simple_metric_inputs: bool) -> QuotingColumnNames:  # noqa: FBT001 - MetricFlow's own
        """Give the same with other options."""
        return QuotingColumnNames(
            self._dialect, dunder_prefix_simple_metric_inputs=dunder_prefix_simple_metric_inputs
        )
