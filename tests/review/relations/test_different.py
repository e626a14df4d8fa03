import pytest

from review.relations.sql_meaning import read

_BOTH = [
    ("select id from deals", "select owner as id from deals"),
    ("select id from deals", "select id from deals where won"),
    ("select id from deals where won", "select id from deals where not won"),
    (
        "select id from deals where won and amount > 1",
        "select id from deals where won or amount > 1",
    ),
    ("select id from deals where amount > 1", "select id from deals where amount >= 1"),
    ("select id from deals where amount > 1", "select id from deals where amount < 1"),
    ("select id from deals where stage = ''", "select id from deals where stage = 'a'"),
    ("select id from deals where stage = 'a'", "select id from deals where stage = 'A'"),
    ("select id from deals where won is true", "select id from deals where won is false"),
    (
        "select id from deals where stage in ('a', 'b')",
        "select id from deals where stage in ('a', 'b', 'c')",
    ),
    (
        "select id from deals where stage in ('a', 'b')",
        "select id from deals where stage not in ('a', 'b')",
    ),
    ("select amount - day as x from deals", "select day - amount as x from deals"),
    ("select amount - day - id as x from deals", "select amount - (day - id) as x from deals"),
    ("select 1 as x from deals", "select '1' as x from deals"),
    (
        "select cast(amount as integer) as x from deals",
        "select cast(amount as bigint) as x from deals",
    ),
    (
        "select cast(amount as numeric(9, 2)) as x from deals",
        "select cast(amount as numeric(9, 3)) as x from deals",
    ),
    ("select sum(amount) as x from deals", "select avg(amount) as x from deals"),
    ("select sum(amount) as x from deals", "select sum(distinct amount) as x from deals"),
    ("select sum(amount) as x from deals", "select sum(amount) as x from deals where won"),
    ("select sum(amount) as x from deals", "select sum(amount) filter (where won) as x from deals"),
    ("select count(*) as x from deals", "select count(amount) as x from deals"),
    ("select count(amount) as x from deals", "select count(distinct amount) as x from deals"),
    (
        "select max(amount) as x from deals group by owner",
        "select max(amount) as x from deals group by owner, day",
    ),
    ("select max(amount) as x from deals group by owner", "select max(amount) as x from deals"),
    ("select owner from deals group by rollup (owner)", "select owner from deals group by owner"),
    (
        "select owner from deals group by rollup (owner, day)",
        "select owner from deals group by cube (owner, day)",
    ),
    (
        "select owner from deals group by owner having count(*) > 1",
        "select owner from deals group by owner having count(*) > 2",
    ),
    ("select owner from deals", "select distinct owner from deals"),
    ("select id from deals limit 3", "select id from deals limit 4"),
    ("select id from deals limit 3", "select id from deals limit 3 offset 1"),
    ("select id from deals order by day limit 3", "select id from deals order by day desc limit 3"),
    ("select id from deals order by day limit 3", "select id from deals order by amount limit 3"),
    (
        "select id from deals order by day nulls first limit 3",
        "select id from deals order by day nulls last limit 3",
    ),
    (
        "select id from (select * from deals order by day) as x limit 3",
        "select id from (select * from deals order by id) as x limit 3",
    ),
    (
        "select id from deals left join owners on deals.owner = owners.owner",
        "select id from deals join owners on deals.owner = owners.owner",
    ),
    (
        "select id from deals left join owners on deals.owner = owners.owner",
        "select id from deals full join owners on deals.owner = owners.owner",
    ),
    (
        "select id from deals left join owners on deals.owner = owners.owner and team = 'a'",
        "select id from deals left join owners on deals.owner = owners.owner where team = 'a'",
    ),
    (
        "select id from deals join owners on deals.owner = owners.owner",
        "select id from deals join owners on deals.owner = owners.team",
    ),
    (
        "select a.amount from deals as a join deals as b on a.id = b.owner",
        "select b.amount from deals as a join deals as b on a.id = b.owner",
    ),
    (
        "select a.id from deals as a join deals as b on a.id = b.owner",
        "select a.id from deals as a join deals as b on b.id = a.owner",
    ),
    (
        "select owner from deals full join owners using (owner)",
        "select deals.owner from deals full join owners on deals.owner = owners.owner",
    ),
    (
        "select coalesce(o.x, 0) as x from deals left join (select owner, team as x from owners) as o on deals.owner = o.owner",  # noqa: E501
        "select o.x from deals left join (select owner, coalesce(team, 0) as x from owners) as o on deals.owner = o.owner",  # noqa: E501
    ),
    (
        "select id from deals union all select owner from owners",
        "select id from deals union select owner from owners",
    ),
    (
        "select id from deals union all select owner from owners",
        "select id from deals union all select team from owners",
    ),
    (
        "select id, owner from deals union all select owner, team from owners",
        "select id, owner from deals union all select team, owner from owners",
    ),
    (
        "select id from deals except select owner from owners",
        "select id from deals intersect select owner from owners",
    ),
    (
        "select owner from deals except select owner from owners",
        "select owner from deals except select owner from owners where team = 'a'",
    ),
    (
        "select owner from deals except select owner from owners",
        "select owner from deals except all select owner from owners",
    ),
    (
        "select id from deals where owner in (select owner from owners)",
        "select id from deals where owner in (select team from owners)",
    ),
    (
        "select id from deals where owner in (select owner from owners)",
        "select id from deals where owner in (select owner from owners where team = 'a')",
    ),
    (
        "select id from deals where exists (select 1 from deals as b where b.owner = deals.id)",
        "select id from deals where exists (select 1 from deals as b where b.owner = b.id)",
    ),
    (
        "select id from deals where exists (select 1 from owners as o where o.owner = deals.owner)",
        "select id from deals where exists (select 1 from owners as o where o.owner = deals.stage)",
    ),
    (
        "select (select max(team) from owners) as x from deals",
        "select (select min(team) from owners) as x from deals",
    ),
    (
        "select row_number() over (order by day) as x from deals",
        "select row_number() over (order by day desc) as x from deals",
    ),
    (
        "select row_number() over (order by day) as x from deals",
        "select row_number() over (partition by owner order by day) as x from deals",
    ),
    (
        "select sum(amount) over (order by day rows between 1 preceding and current row) as x from deals",  # noqa: E501
        "select sum(amount) over (order by day rows between 2 preceding and current row) as x from deals",  # noqa: E501
    ),
    (
        "select sum(amount) over (order by day rows between 1 preceding and current row) as x from deals",  # noqa: E501
        "select sum(amount) over (order by day range between 1 preceding and current row) as x from deals",  # noqa: E501
    ),
    (
        "select sum(amount) over w as x from deals window w as (order by day)",
        "select sum(amount) over w as x from deals window w as (order by id)",
    ),
    (
        "select x from (select sum(amount) over () as x, won from deals) as q where won",
        "select sum(amount) over () as x from deals where won",
    ),
    (
        "select case when won then 1 when amount > 1 then 2 end as x from deals",
        "select case when amount > 1 then 2 when won then 1 end as x from deals",
    ),
    (
        "select case when won then 1 end as x from deals",
        "select case when won then 1 else 0 end as x from deals",
    ),
    (
        "select coalesce(amount, day) as x from deals",
        "select coalesce(day, amount) as x from deals",
    ),
    ("select x from (values (1), (2)) as v(x)", "select x from (values (1), (3)) as v(x)"),
    ("select a from events", "select b as a from events"),
    ("select a from events", "select a from others"),
    (
        "select e.a from events as e join others as o on e.k = o.k",
        "select o.a from events as e join others as o on e.k = o.k",
    ),
    ("select a from unknown_table", "select a from other_table"),
    (
        "with d as (select * from deals where won) select id from d",
        "with d as (select * from deals where not won) select id from d",
    ),
    (
        "select array_agg(id) as x from (select * from deals order by day) as d",
        "select array_agg(id) as x from (select * from deals order by id) as d",
    ),
    ("select my_function(id) as x from deals", "select my_other(id) as x from deals"),
    (
        "select day + interval '1 day' as x from deals",
        "select day + interval '2 day' as x from deals",
    ),
    (
        "select day + interval '1 day' as x from deals",
        "select day + interval '1 month' as x from deals",
    ),
    ("select stage like 'a%' as x from deals", "select stage ilike 'a%' as x from deals"),
    (
        "select amount between 1 and 2 as x from deals",
        "select amount between 1 and 3 as x from deals",
    ),
    (
        "with recursive r(n) as (select 1 union all select n + 1 from r where n < 3) select n from r",  # noqa: E501
        "with recursive r(n) as (select 1 union all select n + 1 from r where n < 4) select n from r",  # noqa: E501
    ),
    (
        "select date_trunc('month', day) as x from deals",
        "select date_trunc('week', day) as x from deals",
    ),
]
_DUCKDB = [
    (
        "select list_transform(tags, x -> x + 1) as t from deals",
        "select list_transform(tags, x -> x + 2) as t from deals",
    ),
    (
        "select list_transform(tags, x -> x + id) as t from deals",
        "select list_transform(tags, x -> x + x) as t from deals",
    ),
    (
        "select [x for x in tags if x > 1] as t from deals",
        "select [x for x in tags if x > 2] as t from deals",
    ),
    ("select id from deals", "select id, unnest(tags) as t from deals"),
    ("select unnest(tags) as t from deals", "select unnest(stage) as t from deals"),
    (
        "select id from deals asof join owners on deals.day >= owners.team",
        "select id from deals join owners on deals.day >= owners.team",
    ),
    (
        "select id from deals semi join owners using (owner)",
        "select id from deals anti join owners using (owner)",
    ),
    ("select id from deals using sample 10", "select id from deals using sample 20"),
    ("select * exclude (won) from deals", "select * exclude (id) from deals"),
    ("select * replace (a + 1 as a) from events", "select * replace (a + 2 as a) from events"),
    ("select columns('a.*') from deals", "select columns('b.*') from deals"),
    ("pivot deals on stage using sum(amount)", "pivot deals on stage using max(amount)"),
    ("select tags.a as x from deals", "select tags.b as x from deals"),
    ("select * from range(3)", "select * from range(4)"),
    ("select * from range(3)", "select * from generate_series(3)"),
    ("select * from read_csv('a.csv')", "select * from read_csv('b.csv')"),
    ("select any_value(id) as x from deals", "select first(id) as x from deals"),
    ("select arg_max(id, day) as x from deals", "select arg_min(id, day) as x from deals"),
    ("select 1 as owner, owner as x from deals", "select 1 as owner, 1 as x from deals"),
    (
        "select distinct on (owner) id from deals order by day",
        "select distinct on (owner) id from deals order by id",
    ),
    (
        "select distinct on (owner) id from deals order by day",
        "select distinct on (stage) id from deals order by day",
    ),
    ("select id from deals limit 10%", "select id from deals limit 10"),
    ("select epoch(day) as x from deals", "select epoch_ms(day) as x from deals"),
    (
        "select * from deals union all by name select * from owners",
        "select * from owners union by name select * from deals",
    ),
    ("select tags->>'Name' as x from deals", "select tags->>'name' as x from deals"),
    ("select try_cast(stage as int) as x from deals", "select cast(stage as int) as x from deals"),
    ("select tags[1] as x from deals", "select tags[2] as x from deals"),
]
_POSTGRES = [
    (
        "select id, generate_series(1, 3) as n from deals",
        "select id, generate_series(1, 4) as n from deals",
    ),
    (
        "select id from deals cross join lateral (select 1 where deals.won) as l",
        "select id from deals cross join lateral (select 1 where deals.amount > 1) as l",
    ),
    (
        "select percentile_cont(0.5) within group (order by amount) as x from deals",
        "select percentile_cont(0.5) within group (order by day) as x from deals",
    ),
    ("select stage ~ 'a' as x from deals", "select stage ~* 'a' as x from deals"),
    (
        "select string_agg(stage, ',' order by day) as s from deals",
        "select string_agg(stage, ',' order by id) as s from deals",
    ),
    ("select id from deals tablesample system (1)", "select id from deals tablesample system (2)"),
]


@pytest.mark.parametrize(
    ("dialect", "one", "other"),
    [(dialect, *pair) for dialect in ("duckdb", "postgres") for pair in _BOTH]
    + [("duckdb", *pair) for pair in _DUCKDB]
    + [("postgres", *pair) for pair in _POSTGRES],
)
def test_another_meaning_is_told_apart(dialect: str, one: str, other: str) -> None:
    before, after = read(one, dialect), read(other, dialect)
    assert before.whole != after.whole
    assert (before.rows, dict(before.columns)) != (after.rows, dict(after.columns))
    shared = set(before.columns) & set(after.columns)
    if shared:
        pairs = [[(each.rows, each.column(name)) for each in (before, after)] for name in shared]
        assert any(one != other for one, other in pairs) or set(before.columns) != set(
            after.columns
        )
