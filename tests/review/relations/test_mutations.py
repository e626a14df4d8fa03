"""Every part of a query that is changed, one at a time, changes what the query means."""

from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from review.relations.sql_meaning import meaning

_QUERIES = [
    """
    with won as (
        select d.id, d.owner, amount * 2 as double,
            row_number() over (partition by stage order by day) as n
        from deals as d left join owners as o on d.owner = o.owner and o.region != 'x'
        where won and amount > 3 or stage in ('a', 'b')
    )
    select won.owner, sum(double) as s, max(n + 1) as m, count(distinct id) as c
    from won join owners on won.owner = owners.owner
    where won.owner in (select b.owner from deals as b where b.id = won.id and b.day < '2024-01-01')
    group by won.owner having sum(double) >= 10
    order by s desc limit 5
    """,
    """
    select id, case when won then cast(amount as decimal(9, 2)) else coalesce(amount, 0) end as a,
        (select max(region) from owners where owners.owner = deals.owner) as r
    from deals where day between '2024-01-01' and '2025-01-01'
    union all
    select owner, 1, team || '-' || region from owners where team is not null
    """,
    """
    select events.kind, min(events.at) as first, avg(others.value) filter (where others.good) as v
    from events full join others on events.key = others.key, deals
    where deals.id = events.deal and not deals.won
    group by 1
    """,
]


def _changed(node: exp.Expr) -> exp.Expr | None:
    if isinstance(node, exp.Literal):
        new = "7" if node.is_number else "other"
        return exp.Literal(this=new, is_string=node.is_string)
    if isinstance(node, exp.EQ | exp.NEQ | exp.LT | exp.LTE | exp.GT | exp.GTE | exp.Or | exp.And):
        kind = {exp.LT: exp.GTE, exp.Or: exp.And, exp.And: exp.Or}.get(type(node), exp.LT)
        return kind(this=node.this.copy(), expression=node.expression.copy())
    if isinstance(node, exp.Sum | exp.Max | exp.Min | exp.Avg):
        return exp.StddevPop(this=node.this.copy())
    changed = node.copy()
    if isinstance(node, exp.Column):
        changed.set("this", exp.to_identifier("tags"))
    elif isinstance(node, exp.Join) and node.args.get("on"):
        changed.set("side", None if node.side else "LEFT")
    elif isinstance(node, exp.Ordered):
        changed.set("desc", not node.args.get("desc"))
    elif isinstance(node, exp.Union):
        changed.set("distinct", not node.args.get("distinct"))
    elif isinstance(node, exp.Cast):
        changed.set("to", exp.DataType.build("double"))
    else:
        return None
    return changed


def _mutations(sql: str) -> Iterator[str]:
    count = len(list(sqlglot.parse_one(sql, dialect="duckdb").walk()))
    for place in range(count):
        tree = sqlglot.parse_one(sql, dialect="duckdb")
        node = list(tree.walk())[place]
        changed = _changed(node)
        if changed is not None:
            yield changed.sql("duckdb") if node is tree else _replaced(tree, node, changed)


def _replaced(tree: exp.Expr, node: exp.Expr, changed: exp.Expr) -> str:
    node.replace(changed)
    return tree.sql("duckdb")


@pytest.mark.parametrize("place", range(len(_QUERIES)))
def test_no_change_of_a_part_is_missed(place: int) -> None:
    before = meaning(_QUERIES[place])
    mutations = list(_mutations(_QUERIES[place]))
    assert len(mutations) > 15
    missed = [sql for sql in mutations if meaning(sql)[:2] == before[:2]]
    assert missed == []


@pytest.mark.parametrize("place", range(len(_QUERIES)))
def test_layout_and_case_are_nothing(place: int) -> None:
    tree = sqlglot.parse_one(_QUERIES[place], dialect="duckdb")
    assert meaning(tree.sql("duckdb", pretty=True, normalize_functions="upper")) == meaning(
        _QUERIES[place]
    )
