"""Statements made at random, each with the answers that are right: none where it must be refused.

A statement is one of blocks, which group orders, and of SELECTs around them. What is known of a
block's columns says what a SELECT around it may give: a sum of what adds up is plain SQL, and any
other metric is asked anew at the coarser grouping.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpus.right.seeds import ORDERS
from serve.postgres.generated.counted_metrics import METRICS, Use, counted
from serve.postgres.generated.generated_blocks import BlockMaker
from serve.postgres.generated.market_terms import (
    DIMENSIONS,
    Condition,
    Term,
    condition,
    renamed,
    wrapped,
)
from serve.postgres.generated.relations import Relation, Row, Value

if TYPE_CHECKING:
    from collections.abc import Callable

_PLAIN_CALLS: dict[str, Callable[[list[Value]], Value]] = {
    "sum": sum,
    "avg": lambda values: float(sum(values)) / len(values),
    "min": min,
    "max": max,
}


def make_statement(number: int) -> Relation:
    """Make the statement of a number."""
    found = _Maker(random.Random(f"select {number}")).statement()
    head, _, name = found.sql.removeprefix("@with ").rpartition(" @from ")
    return replace(found, sql=f"with {head} select * from {name}") if head else found


class _Maker(BlockMaker):
    def statement(self) -> Relation:  # noqa: PLR0911 - a return a kind
        kind = self._choose.random()
        if kind < 0.22:
            return self._block(extras=True)
        if kind < 0.3:
            return self._sets()
        if kind < 0.62:
            return self._around(self._source())
        if kind < 0.74:
            return self._around(self._around(self._source()))
        if kind < 0.82:
            return self._union()
        if kind < 0.92:
            return self._top()
        return self._windowed()

    def _source(self) -> Relation:
        found = self._block()
        if self._choose.random() < 0.25:
            name = f"c{next(self._aliases)}"
            columns = ""
            if self._choose.random() < 0.3:
                columns = f" ({', '.join(found.names)})"
            found.sql = f"@with {name}{columns} as ({found.sql}) @from {name}"
        return found

    # --- around it ---

    def _around(self, inner: Relation) -> Relation:
        choose = self._choose
        alias = f"t{next(self._aliases)}"
        keys = [name for name in inner.names if name in inner.terms]
        metrics = [name for name in inner.names if name in inner.metrics]
        where = []
        terms = [renamed(inner.terms[name], name, _at(inner.names.index(name))) for name in keys]
        if terms and choose.random() < 0.3:
            where = [condition(choose, terms)]
        if not keys and not metrics:
            return inner
        if choose.random() < 0.4 or not metrics:
            return self._projected(inner, alias, keys, metrics, where)
        return self._aggregated(inner, alias, keys, metrics, where)

    def _from(self, select: str, inner: Relation, alias: str, rest: str) -> str:
        if inner.sql.startswith("@with "):
            head, _, name = inner.sql.removeprefix("@with ").rpartition(" @from ")
            return f"with {head} select {select} from {name} {alias}{rest}"
        return f"select {select} from ({inner.sql}) {alias}{rest}"

    def _projected(
        self,
        inner: Relation,
        alias: str,
        keys: list[str],
        metrics: list[str],
        where: list[Condition],
    ) -> Relation:
        choose = self._choose
        chosen = choose.sample(keys + metrics, choose.randint(1, len(keys + metrics)))
        if choose.random() < 0.3:
            chosen = [*inner.names]
        places = [inner.names.index(name) for name in chosen]
        answers = [
            [tuple(row[at] for at in places) for row in _kept(rows, where)]
            for rows in inner.answers
        ]
        again, is_all = None, set(keys) <= set(chosen)
        facts = inner.facts
        if inner.keys is not None:
            again = {name: inner.keys[name] for name in chosen if name in inner.keys}
            facts = [*inner.facts, *self._on_orders(inner, where)]
            if inner.is_bare:
                orders = [one for one in ORDERS if all(fact.of(one) is True for fact in facts)]
                uses = [inner.metrics[name] for name in chosen if name in inner.metrics]
                if not uses:
                    # The rows stay those of the metrics within.
                    return replace(
                        self._relation_of(inner, alias, chosen, where),
                        answers=answers,
                        keys=None,
                        is_bare=False,
                    )
                rows = counted(orders, [*again.values()], uses)
                names = [*again, *(name for name in chosen if name in inner.metrics)]
                merged = [tuple(row[names.index(name)] for name in chosen) for row in rows]
                # Rows that only a metric has which is not chosen may be there or not.
                answers = [merged, *answers] if is_all else [merged]
        found = self._relation_of(inner, alias, chosen, where)
        return replace(found, answers=answers, keys=again, facts=facts)

    def _relation_of(
        self, inner: Relation, alias: str, chosen: list[str], where: list[Condition]
    ) -> Relation:
        select = ", ".join(chosen)
        if chosen == inner.names and self._choose.random() < 0.6:
            select = "*"
        rest = " where " + " and ".join(one.sql for one in where) if where else ""
        return Relation(
            self._from(select, inner, alias, rest),
            chosen,
            {name: inner.terms[name] for name in chosen if name in inner.terms},
            {name: inner.metrics[name] for name in chosen if name in inner.metrics},
            [],
            is_bare=inner.is_bare,
        )

    def _on_orders(self, inner: Relation, where: list[Condition]) -> list[Condition]:
        keys = inner.keys
        assert keys is not None

        def on(one: Condition) -> Condition:
            return Condition(
                one.sql,
                lambda order: one.of(
                    tuple(keys[name](order) if name in keys else None for name in inner.names)
                ),
            )

        return [on(one) for one in where]

    def _aggregated(
        self,
        inner: Relation,
        alias: str,
        keys: list[str],
        metrics: list[str],
        where: list[Condition],
    ) -> Relation:
        choose = self._choose
        by: list[tuple[str, Term]] = []
        for name in choose.sample(keys, choose.randint(0, len(keys))):
            term = renamed(inner.terms[name], name, _at(inner.names.index(name)))
            while choose.random() < 0.25:
                term = wrapped(choose, term)
            by.append((choose.choice((f"k{next(self._aliases)}", "order__channel", name)), term))
        by = list(dict(by).items())
        calls = [
            (
                f"m{next(self._aliases)}",
                choose.choice(("sum", "sum", "sum", "avg", "min", "max")),
                name,
            )
            for name in choose.sample(metrics, choose.randint(1, len(metrics)))
        ]
        counts = choose.random() < 0.12
        acceptable: list[list[Row]] = []
        adds = all(METRICS[inner.metrics[name].metric].adds_up for _, _, name in calls)
        sums = all(call == "sum" for _, call, _ in calls)
        if adds and (sums or not inner.is_bare):
            acceptable += [
                self._plainly(inner, _kept(rows, where), by, calls, counts=counts)
                for rows in inner.answers
            ]
        if inner.keys is not None and not counts and (inner.is_bare or sums):
            facts = [*inner.facts, *self._on_orders(inner, where)]
            orders = [one for one in ORDERS if all(fact.of(one) is True for fact in facts)]
            composed = [_composed(inner, term) for _, term in by]
            uses = [inner.metrics[name] for _, _, name in calls]
            acceptable.append(counted(orders, composed, uses))
        columns = [f"{term.sql} as {name}" for name, term in by]
        columns += [f"{call}({alias}.{name}) as {new}" for new, call, name in calls]
        if counts:
            columns.append("count(*) as n")
        rest = " where " + " and ".join(one.sql for one in where) if where else ""
        if by:
            rest += " group by " + ", ".join(
                choose.choice([str(number), term.sql, *([name] if name not in inner.names else [])])
                for number, (name, term) in enumerate(by, 1)
            )
        names = [name for name, _ in by] + [name for name, _, _ in calls] + ["n"] * counts
        return Relation(
            self._from(", ".join(columns), inner, alias, rest),
            names,
            dict(by),
            {},
            acceptable,
        )

    def _plainly(
        self,
        inner: Relation,
        rows: list[Row],
        by: list[tuple[str, Term]],
        calls: list[tuple[str, str, str]],
        *,
        counts: bool,
    ) -> list[Row]:
        groups: dict[Row, list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple(term.of(row) for _, term in by), []).append(row)
        if not by:
            groups.setdefault((), [])
        found = []
        for group, held in groups.items():
            values = []
            for _, call, name in calls:
                column = [row[inner.names.index(name)] for row in held]
                known = [one for one in column if one is not None]
                values.append(_PLAIN_CALLS[call](known) if known else None)
            found.append((*group, *values, *([len(held)] if counts else [])))
        return found

    # --- several of them ---

    def _union(self) -> Relation:
        choose = self._choose
        keys = [key for key in self._keys(2) if key[1] in DIMENSIONS]
        one, other = (self._block(keys=keys) for _ in range(2))
        width = min(len(one.metrics), len(other.metrics))
        one, other = (self._cut(part, width) for part in (one, other))
        sql = f"{one.sql} union all {other.sql}"
        uses = {}
        for name, second in zip(one.metrics, other.metrics, strict=True):
            both = (one.metrics[name], other.metrics[second])
            uses[name] = next((use for use in both if not METRICS[use.metric].adds_up), both[0])
        whole = Relation(
            sql,
            one.names,
            one.terms,
            uses,
            [a + b for a in one.answers for b in other.answers],
            is_bare=one.is_bare or other.is_bare,
        )
        return whole if choose.random() < 0.5 else self._around(whole)

    def _cut(self, part: Relation, width: int) -> Relation:
        """Give the keys and so many metrics of a block, in a SELECT that changes no grouping."""
        names = [name for name in part.names if name in part.terms]
        names += [name for name in part.names if name in part.metrics][:width]
        places = [part.names.index(name) for name in names]
        sql = part.sql
        answers = [[tuple(row[at] for at in places) for row in rows] for rows in part.answers]
        if part.is_bare and part.keys is not None:
            # Without GROUP BY it is one with the SELECT around it.
            orders = [one for one in ORDERS if all(fact.of(one) is True for fact in part.facts)]
            uses = [part.metrics[name] for name in names if name in part.metrics]
            answers = [counted(orders, [*part.keys.values()], uses)]
        if names != part.names or " limit " in sql:
            sql = f"select {', '.join(names)} from ({sql}) u{next(self._aliases)}"
        return Relation(
            sql,
            names,
            part.terms,
            {name: part.metrics[name] for name in names if name in part.metrics},
            answers,
            is_bare=part.is_bare,
        )

    def _top(self) -> Relation:
        choose = self._choose
        key = choose.choice(DIMENSIONS[:6])
        other = choose.choice([one for one in DIMENSIONS if one is not key])
        by = choose.choice(("revenue", "buyers", "web_share", "orders_placed"))
        shown = choose.choice(sorted(METRICS))
        facts = [condition(choose, DIMENSIONS[:7]) for _ in range(choose.choice((0, 1)))]
        orders = [one for one in ORDERS if all(fact.of(one) is True for fact in facts)]
        limit = choose.choice((1, 2, 3))
        ranked = counted(orders, [key.of], [Use(by)])
        # Numbers downwards, what is missing first, as PostgreSQL has it; then by the key.
        ranked.sort(key=lambda row: (row[0] is None, row[0]))
        ranked.sort(key=lambda row: (row[1] is not None, -(row[1] or 0)))
        top = {row[0] for row in ranked[:limit]}
        where = f" where {facts[0].sql}" if facts else ""
        top_sql = (
            f"select {key.sql} as k from orders{where} group by 1 "
            f"order by agg({by}) desc, 1 limit {limit}"
        )
        rows = counted(orders, [key.of, other.of], [Use(shown)])
        rows = [row for row in rows if row[0] in top and row[0] is not None]
        inner = (
            f"select {key.sql} as k, {other.sql} as o, sum({shown}) as v "
            f"from orders{where} group by 1, 2"
        )
        form = choose.random()
        if form < 0.4:
            sql = f"select a.k, a.o, a.v from ({inner}) a join ({top_sql}) b on a.k = b.k"
        elif form < 0.55:
            # As tools write it: the metric table itself is joined.
            sql = (
                f"select {key.sql} as k, {other.sql} as o, sum({shown}) as v from orders x "
                f"join ({top_sql}) b on x.{key.sql} = b.k{where} group by 1, 2"
            )
        elif form < 0.7:
            sql = f"with b as ({top_sql}) select k, o, v from ({inner}) a "
            sql += "where k in (select k from b)"
        else:
            negated = choose.random() < 0.3
            condition_sql = f"{key.sql} {'not ' * negated}in (select k from ({top_sql}) b)"
            if negated:
                kept = {key.of(one) for one in orders} - top - {None} if None not in top else set()
            else:
                kept = top - {None}
            orders = [one for one in orders if key.of(one) in kept]
            rows = counted(orders, [other.of], [Use(shown)])
            sql = (
                f"select {other.sql} as o, sum({shown}) as v from orders"
                f"{where + ' and' if where else ' where'} {condition_sql} group by 1"
            )
            return Relation(sql, ["o", "v"], {"o": other}, {"v": Use(shown)}, [rows])
        return Relation(sql, ["k", "o", "v"], {"k": key, "o": other}, {"v": Use(shown)}, [rows])

    def _windowed(self) -> Relation:
        choose = self._choose
        key, other = choose.sample(DIMENSIONS[:6], 2)
        metric = choose.choice(sorted(METRICS))
        rows = counted(ORDERS, [key.of, other.of], [Use(metric)])
        inner = (
            f"select {key.sql} as k, {other.sql} as o, sum({metric}) as v from orders group by 1, 2"
        )
        if choose.random() < 0.5:
            inner = f"select {key.sql} as k, {other.sql} as o, {metric} as v from orders"
        answers = []
        if choose.random() < 0.5:
            call = "sum(v) over (partition by k)"
            if METRICS[metric].adds_up:
                sums: dict[Value, list[Value]] = {}
                for row in rows:
                    sums.setdefault(row[0], []).append(row[2])
                known = {
                    one: sum(value for value in held if value is not None)
                    if any(value is not None for value in held)
                    else None
                    for one, held in sums.items()
                }
                answers = [[(*row, known[row[0]]) for row in rows]]
        else:
            call = "rank() over (partition by k order by v desc nulls last)"

            def rank(row: Row) -> int:
                held = [one[2] for one in rows if one[0] == row[0]]
                value = row[2]
                if value is None:
                    return 1 + sum(one is not None for one in held)
                return 1 + sum(one is not None and one > value for one in held)

            answers = [[(*row, rank(row)) for row in rows]]
        sql = f"select k, o, v, {call} as w from ({inner}) t"
        return Relation(sql, ["k", "o", "v", "w"], {}, {}, answers)


def _at(place: int) -> Callable[[Row], Value]:
    return lambda row: row[place]


def _composed(inner: Relation, term: Term) -> Callable[[Any], Value]:
    keys = inner.keys
    assert keys is not None
    return lambda order: term.of(
        tuple(keys[name](order) if name in keys else None for name in inner.names)
    )


def _kept(rows: list[Row], where: list[Condition]) -> list[Row]:
    return [row for row in rows if all(one.of(row) is True for one in where)]
