"""A metric table joined with a grouped sub-select, which keeps those groups: a tool's top ten.

The groups of the table are asked for, and joined with the sub-select's then: as each of these
stands there once, the join takes groups away and changes none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from metrics_store.query.selects.blocks.block_keys import identifier
from metrics_store.query.selects.output_names import output_name

if TYPE_CHECKING:
    from metrics_store.query.selects.shapes import Shape
    from metrics_store.query.selects.tables.metric_tables import MetricTable


@dataclass(frozen=True)
class KeptGroups:
    """A join that keeps groups.

    Attributes:
        join: The join.
        dimensions: The columns of the metric table in it, by the names of those that they equal.
    """

    join: exp.Join
    dimensions: dict[str, exp.Column]

    @property
    def query(self) -> exp.Select:
        """The sub-select."""
        found = self.join.this.this
        assert isinstance(found, exp.Select)  # noqa: S101 - as it was read
        return found

    def has_each_once(self, shape: Shape) -> bool:
        """Whether no group stands twice in the sub-select, whose columns have this in them."""
        names = {name for name, content in shape.columns if not content.metrics}
        return not shape.is_partly_known and names == set(self.dimensions)


def kept_groups(join: exp.Join, table: MetricTable, alias: str) -> KeptGroups | None:
    """Read a join with a metric table as one that keeps groups; none for any other join.

    Args:
        join: The join.
        table: The metric table.
        alias: What the SELECT calls it.
    """
    said = {name for name, part in join.args.items() if part}
    source, condition = join.this, join.args.get("on")
    if (
        not said <= {"this", "on", "kind"}
        or join.args.get("kind", "") not in ("", "INNER")
        or condition is None
        or not isinstance(source, exp.Subquery)
        or not isinstance(source.this, exp.Select)
        or source.args.get("alias") is None
        or source.args["alias"].args.get("columns")
    ):
        return None
    whole = condition.unnest()
    dimensions: dict[str, exp.Column] = {}
    for part in whole.flatten() if isinstance(whole, exp.And) else [whole]:
        pair = _pair(part.unnest(), table, alias, identifier(source.args["alias"].this))
        if pair is None:
            return None
        dimensions[pair[0]] = pair[1]
    return KeptGroups(join, dimensions) if set(dimensions) == _keys(source.this) else None


def _keys(select: exp.Select) -> set[str] | None:
    """Give the names of the columns that a SELECT groups by; none where it groups by others too."""
    group = select.args.get("group")
    if group is None or {name for name, part in group.args.items() if part} != {"expressions"}:
        return None
    columns = [(output_name(one), one.unalias()) for one in select.expressions]
    found: set[str] = set()
    for key in group.expressions:
        if isinstance(key, exp.Literal):
            names = [name for number, (name, _) in enumerate(columns, 1) if str(number) == key.name]
        else:
            bare = identifier(key.this) if isinstance(key, exp.Column) else None
            names = [name for name, node in columns if node == key or name == bare][:1]
        if not names:
            return None
        found.update(names)
    return found


def _pair(
    node: exp.Expr, table: MetricTable, alias: str, other: str
) -> tuple[str, exp.Column] | None:
    """Give the name of a column of the sub-select, and the dimension that it equals."""
    if not isinstance(node, exp.EQ):
        return None
    for one, two in ((node.this, node.expression), (node.expression, node.this)):
        if not isinstance(one, exp.Column) or not isinstance(two, exp.Column):
            return None
        of_one, of_two = (identifier(each.args.get("table")) for each in (one, two))
        is_own = of_one == alias or (not of_one and identifier(one.this) in table.columns)
        is_other = of_two == other or (not of_two and identifier(two.this) not in table.columns)
        if is_own and is_other:
            return identifier(two.this), one
    return None
