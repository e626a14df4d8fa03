"""SELECTs from one metric table, made at random, each with its right rows."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from corpus.right.seeds import ORDERS
from serve.postgres.generated.counted_metrics import METRICS, Use, counted
from serve.postgres.generated.market_terms import DIMENSIONS, Term, condition, wrapped
from serve.postgres.generated.relations import Relation, Row

if TYPE_CHECKING:
    import random

_CALLS = ("sum", "avg", "min", "max", "agg", "measure", "any_value", "SUM")


class BlockMaker:
    """Makes SELECTs from one metric table.

    Args:
        choose: Chooses.
    """

    def __init__(self, choose: random.Random) -> None:
        self._choose = choose
        self._aliases = itertools.count()

    def _keys(self, most: int = 3) -> list[tuple[str, Term]]:
        chosen = self._choose.sample(DIMENSIONS, self._choose.choice(range(most + 1)))
        keys = []
        for term in chosen:
            made = term
            while self._choose.random() < 0.3:
                made = wrapped(self._choose, made)
            if made.sql in [one.sql for _, one in keys]:
                continue
            # A name that a column of the table has as well.
            name = self._choose.choice(
                (f"k{next(self._aliases)}",) * 4 + ("customer__region", "order__status")
            )
            if name in [one for one, _ in keys]:
                name = f"k{next(self._aliases)}"
            keys.append((name, made))
        return keys

    def _uses(self, least: int = 1) -> list[tuple[str, Use, str]]:
        uses = []
        for metric in self._choose.sample(sorted(METRICS), self._choose.choice((least, 1, 2, 3))):
            call = self._choose.choice(_CALLS)
            only = None
            sql = f"{call}({metric})"
            form = self._choose.random()
            if form < 0.12:
                only = condition(self._choose, DIMENSIONS[:7], 1)
                sql += f" filter (where {only.sql})"
            elif form < 0.2:
                only = condition(self._choose, DIMENSIONS[:7], 0)
                sql = f"sum(case when {only.sql} then {metric} end)"
            elif form < 0.3:
                sql = f"{call}(cast({metric} as double precision))"
            uses.append((f"m{next(self._aliases)}", Use(metric, only), sql))
        return uses

    def _block(self, *, extras: bool = False, keys: Any = None) -> Relation:  # noqa: ANN401
        choose = self._choose
        keys = self._keys() if keys is None else keys
        uses = self._uses()
        is_bare = choose.random() < 0.45
        if is_bare:
            # Without GROUP BY it groups by the dimensions themselves.
            keys = [(name, term) for name, term in keys if term in DIMENSIONS]
            uses = [(name, Use(use.metric), use.metric) for name, use, _ in uses]
            if choose.random() < 0.3 and not keys:
                uses = [(name, use, f"sum({sql})") for name, use, sql in uses]
                is_bare = False
        facts = [
            condition(
                choose,
                [wrapped(choose, one) if choose.random() < 0.1 else one for one in DIMENSIONS],
            )
            for _ in range(choose.choice((0, 0, 1, 1, 2)))
        ]
        orders = [one for one in ORDERS if all(fact.of(one) is True for fact in facts)]
        rows = counted(orders, [term.of for _, term in keys], [use for _, use, _ in uses])
        table = choose.choice(("orders", "metrics.orders", "all_metrics", "orders o"))
        columns = [f"{term.sql} as {name}" for name, term in keys]
        columns += [f"{sql} as {name}" for name, _, sql in uses]
        sql = f"select {', '.join(columns)} from {table}"
        where = [fact.sql for fact in facts]
        having, fixed = "", False
        if choose.random() < 0.15:
            at = choose.randrange(len(uses))
            least = choose.choice((0, 1, 3, 500))
            rows = [
                row
                for row in rows
                if row[len(keys) + at] is not None and row[len(keys) + at] > least
            ]
            fixed = True
            if choose.random() < 0.5 and uses[at][1].only is None:
                where.append(f"{uses[at][1].metric} > {least}")
            else:
                having = f" having {uses[at][2]} > {least}"
        if where:
            choose.shuffle(where)
            sql += " where " + " and ".join(where)
        if keys and not is_bare:
            sql += " group by " + ", ".join(
                self._said(number, *key) for number, key in enumerate(keys, 1)
            )
        sql += having
        names = [name for name, _ in keys] + [name for name, _, _ in uses]
        relation = Relation(
            sql,
            names,
            dict(keys),
            {name: use for name, use, _ in uses},
            [rows],
            None if fixed else {name: term.of for name, term in keys},
            facts,
            is_bare,
        )
        if extras or choose.random() < 0.15:
            self._limit(relation)
        return relation

    def _said(self, number: int, name: str, term: Term) -> str:
        forms = [str(number), term.sql]
        if name.startswith("k"):
            forms.append(name)
        return self._choose.choice(forms)

    def _limit(self, relation: Relation) -> None:
        if self._choose.random() < 0.5:
            return
        places = self._choose.sample(range(len(relation.names)), len(relation.names))
        limit = self._choose.choice((1, 2, 3, 5))
        order = ", ".join(f"{place + 1} nulls last" for place in places)
        relation.sql += f" order by {order} limit {limit}"
        relation.keys = None
        relation.answers = [_ordered(rows, places)[:limit] for rows in relation.answers]

    def _sets(self) -> Relation:
        choose = self._choose
        keys = [key for key in self._keys() if key[0].startswith("k")][:3]
        uses = self._uses()
        kind = choose.choice(("rollup", "cube", "sets"))
        places = range(len(keys))
        if not keys:
            return self._block()
        if kind == "rollup":
            sets = [tuple(places)[:length] for length in range(len(keys), -1, -1)]
        elif kind == "cube":
            sets = [
                one
                for length in range(len(keys) + 1)
                for one in itertools.combinations(places, length)
            ]
        else:
            sets = [
                tuple(sorted(choose.sample(places, choose.randrange(len(keys) + 1))))
                for _ in range(choose.choice((0, 1, 2)))
            ]
            # What is in no set is worked out of what is.
            sets.append(tuple(places))
        facts = [condition(choose, DIMENSIONS) for _ in range(choose.choice((0, 1)))]
        orders = [one for one in ORDERS if all(fact.of(one) is True for fact in facts)]
        rows: list[Row] = []
        for one in sets:
            found = counted(orders, [keys[at][1].of for at in one], [use for _, use, _ in uses])
            for row in found:
                given = dict(zip(one, row, strict=False))
                rows.append((*(given.get(at) for at in places), *row[len(one) :]))
        written = [term.sql for _, term in keys]
        if kind == "sets":
            said = (
                "grouping sets ("
                + ", ".join("(" + ", ".join(written[at] for at in one) + ")" for one in sets)
                + ")"
            )
        else:
            said = f"{kind}({', '.join(written)})"
        columns = [f"{term.sql} as {name}" for name, term in keys]
        columns += [f"{sql} as {name}" for name, _, sql in uses]
        sql = f"select {', '.join(columns)} from orders"
        if facts:
            sql += f" where {facts[0].sql}"
        names = [name for name, _ in keys] + [name for name, _, _ in uses]
        return Relation(
            f"{sql} group by {said}", names, dict(keys), {n: u for n, u, _ in uses}, [rows]
        )


def _ordered(rows: list[Row], places: list[int]) -> list[Row]:
    def key(row: Row) -> tuple[Any, ...]:
        return tuple(
            (row[at] is None, Decimal(str(row[at])) if isinstance(row[at], float) else row[at])
            for at in places
        )

    return sorted(rows, key=key)
