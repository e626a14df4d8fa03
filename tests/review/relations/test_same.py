import pytest

from review.relations.sql_meaning import meaning

_BOTH = [
    ("select id from deals", "SELECT  ID  -- the key\nFROM DEALS;"),
    ("select id from deals", 'select "id" from "deals" as d'),
    ("select id from deals", "select d.id from db.schema_of_old.deals as d"),
    ("select id as deal from deals", "select (id) deal from deals"),
    (
        "select id from deals where won and amount > 3",
        "select id from deals where 3 < amount and won",
    ),
    (
        "select id from deals where won or stage = 'a'",
        "select id from deals where ('a' = stage) or (won)",
    ),
    (
        "select id from deals where (won and id > 1) and day > 2",
        "select id from deals where won and (id > 1 and day > 2)",
    ),
    ("select id from deals where stage != 'a'", "select id from deals where stage <> 'a'"),
    ("select id from deals where not stage = 'a'", "select id from deals where stage != 'a'"),
    (
        "select id from deals where stage in ('a', 'b')",
        "select id from deals where stage in ('b', 'a')",
    ),
    ("select cast(amount as text) as a from deals", "select amount::varchar as a from deals"),
    (
        "select cast(amount as decimal(3, 1)) as a from deals",
        "select amount :: NUMERIC(3,1) as a from deals",
    ),
    ("select cast(amount as integer) as a from deals", "select amount::int as a from deals"),
    ("select count(*) as n from deals", "select count(1) as n from deals"),
    ("select COUNT(*) AS n FROM deals", "select count ( * ) n from deals"),
    (
        "select sum(amount) as s from deals group by owner",
        "select sum(amount) as s from deals group by (owner)",
    ),
    (
        "select owner, sum(amount) as s from deals group by owner",
        "select owner, sum(amount) as s from deals group by 1",
    ),
    (
        "select owner, day, count(*) as n from deals group by owner, day",
        "select day, owner, count(*) as n from deals group by 1, 2",
    ),
    ("with d as (select * from deals) select id from d", "select id from deals"),
    (
        "with d as (select * from deals), e as (select * from d) select * from e",
        "select * from deals",
    ),
    (
        "with d as (select id, amount * 2 as double from deals) select double + 1 as x from d",
        "select amount * 2 + 1 as x from deals",
    ),
    (
        "with d as (select * from deals where won) select id from d where amount > 1",
        "select id from deals where amount > 1 and won",
    ),
    (
        "with d as (select owner, sum(amount) as s from deals group by owner) select owner, s / 2 as h from d where s > 3",  # noqa: E501
        "select owner, sum(amount) / 2 as h from deals group by owner having sum(amount) > 3",
    ),
    (
        "with d as (select 1 as unused), e as (select id from deals) select * from e",
        "select id from deals",
    ),
    ("select id from (select id, owner from deals) as x", "select id from deals"),
    ("select * from deals", "select id, owner, amount, stage, day, won, tags from deals"),
    ("select deals.* from deals", "select * from deals as d"),
    ("select id from deals order by id", "select id from deals"),
    ("select id from deals order by day asc limit 3", "select id from deals order by day limit 3"),
    (
        "select id from deals order by day nulls last limit 3",
        "select id from deals order by day limit 3",
    ),
    (
        "select id from deals order by day limit 3",
        "select id from deals order by deals.day limit 3 ",
    ),
    (
        "select day, id from deals order by 1 limit 3",
        "select day, id from deals order by day limit 3",
    ),
    (
        "select id from deals inner join owners on deals.owner = owners.owner",
        "select id from deals join owners on owners.owner = deals.owner",
    ),
    (
        "select id from deals, owners as o where deals.owner = o.owner",
        "select id from deals join owners on owners.owner = deals.owner",
    ),
    ("select id from deals cross join owners", "select id from deals, owners"),
    (
        "select id, team from deals left join owners on deals.owner = owners.owner",
        "select d.id, o.team from deals as d left outer join owners as o on (d.owner = o.owner)",
    ),
    (
        "select id, team from deals left join owners using (owner)",
        "select id, team from deals left join owners on deals.owner = owners.owner",
    ),
    (
        "select owner from deals join owners using (owner)",
        "select deals.owner from deals join owners on deals.owner = owners.owner",
    ),
    ("select id from deals natural join owners", "select id from deals join owners using (owner)"),
    (
        "with o as (select * from owners) select id, o.team from deals join o on deals.owner = o.owner",  # noqa: E501
        "select id, owners.team from deals join owners on deals.owner = owners.owner",
    ),
    (
        "select id from deals union all select owner from owners",
        "select owner as id from owners union all select id from deals",
    ),
    (
        "select id from deals union select owner from owners",
        "select id from deals union distinct select owner from owners",
    ),
    ("select distinct owner, day from deals", "select owner, day from deals group by owner, day"),
    (
        "select id, case when won then 1 end as w from deals",
        "select id, CASE WHEN (won) THEN 1 END as w from deals",
    ),
    (
        "select row_number() over (partition by owner order by day) as n from deals",
        "select row_number() over w as n from deals window w as (partition by owner order by day asc)",  # noqa: E501
    ),
    (
        "select sum(amount) over (partition by owner, day) as n from deals",
        "select sum(amount) over (partition by day, owner) as n from deals",
    ),
    (
        "select id from deals where exists (select 1 from owners as o where o.owner = deals.owner)",
        "select id from deals as x where exists (select * from owners as q where x.owner = q.owner)",  # noqa: E501
    ),
    (
        "select id from deals where owner in (select owner from owners)",
        "select id from deals where owner in (select o.owner from owners as o)",
    ),
    (
        "select (select max(team) from owners) as t from deals",
        "with m as (select max(o.team) as x from owners o) select (select x from m) as t from deals",  # noqa: E501
    ),
    (
        "select x from (values (1, 'a'), (2, 'b')) as v(x, y)",
        "with v(p, q) as (values (1, 'a'), (2, 'b')) select p as x from v",
    ),
    (
        "select trim(name) as name from events",
        "with e as (select * from events) select trim(e.name) as name from e",
    ),
    (
        "with e as (select * from events), o as (select * from others) select e.a, o.b from e join o on e.k = o.k",  # noqa: E501
        "select events.a, others.b from events join others on events.k = others.k",
    ),
    (
        "select sum(amount) filter (where won) as s from deals",
        "select SUM(amount) FILTER (WHERE (won)) as s from deals",
    ),
    (
        "select date_trunc('month', day) as m from deals",
        "select DATE_TRUNC('MONTH', day) as m from deals",
    ),
    (
        "select day - interval '1 day' as m from deals",
        "select day - INTERVAL '1 DAY' as m from deals",
    ),
    (
        "select * from (select * from deals where won) as q where amount > 1",
        "select * from deals where won and amount > 1",
    ),
    (
        "select lower(stage) as s, stage || '-' || owner as t from deals",
        "select LOWER(stage) as s, (stage || '-') || owner as t from deals",
    ),
]
_DUCKDB = [
    ("from deals", "select * from deals"),
    ("from deals select id where won", "select id from deals where won"),
    ("select id, owner, from deals", "select id, owner from deals"),
    (
        "select owner, count() as n from deals group by all",
        "select owner, count(*) as n from deals group by owner",
    ),
    ("select * exclude (tags, won) from deals", "select id, owner, amount, stage, day from deals"),
    (
        "select * replace (amount + 1 as amount) from deals",
        "select id, owner, amount + 1 as amount, stage, day, won, tags from deals",
    ),
    (
        "select * rename (amount as a) from deals",
        "select id, owner, amount as a, stage, day, won, tags from deals",
    ),
    (
        "select amount * 2 as d, d + 1 as e from deals",
        "select amount * 2 as d, amount * 2 + 1 as e from deals",
    ),
    (
        "select amount * 2 as d from deals where d > 3",
        "select amount * 2 as d from deals where amount * 2 > 3",
    ),
    (
        "select date_trunc('month', day) as m, count(*) as n from deals group by m",
        "select date_trunc('month', day) as m, count(*) as n from deals group by 1",
    ),
    (
        "select id from deals qualify row_number() over (partition by owner order by day) = 1",
        "with n as (select *, row_number() over (partition by owner order by day) as r from deals) select id from n where r = 1",  # noqa: E501
    ),
    (
        "select id, row_number() over (order by day) as r from deals qualify r = 1",
        "select id, row_number() over (order by day) as r from deals qualify row_number() over (order by day) = 1",  # noqa: E501
    ),
    (
        "select list_transform(tags, x -> x + 1) as t from deals",
        "select list_transform(tags, y -> y + 1) as t from deals",
    ),
    (
        "select [x * 2 for x in tags if x > 1] as t from deals",
        "select [y * 2 for y in tags if y > 1] as t from deals",
    ),
    ("select id, unnest(tags) as tag from deals", "select d.id, unnest(d.tags) tag from deals d"),
    (
        "select u.x from deals, unnest(tags) as u(x)",
        "select v.y as x from deals as d cross join unnest(d.tags) as v(y)",
    ),
    (
        "select id from deals union all by name select owner as id from owners",
        "select owner as id from owners union all by name select id from deals",
    ),
    ("pivot deals on stage using sum(amount)", "PIVOT  deals ON stage USING SUM(amount)"),
    ("select columns('a.*') from deals", "select COLUMNS('a.*')\nfrom deals -- all"),
    (
        "with recursive r(n) as (select 1 union all select n + 1 from r where n < 3) select n from r",  # noqa: E501
        "with recursive q(m) as (select 1 union all select m+1 from q where q.m < 3) select m as n from q",  # noqa: E501
    ),
]
_POSTGRES = [
    (
        "select string_agg(stage, ',' order by day) as s from deals",
        "select STRING_AGG(stage, ',' ORDER BY day ASC) as s from deals",
    ),
    (
        "select distinct on (owner) id from deals order by owner, day",
        "select DISTINCT ON (deals.owner) id from deals order by owner asc, day",
    ),
    (
        "select l.x from deals cross join lateral (select deals.amount + 1 as x) as l",
        "select m.x from deals as d cross join lateral (select d.amount + 1 as x) as m",
    ),
    ("select id from deals fetch first 3 rows only", "select id from deals limit 3"),
    (
        "select generate_series(1, amount) as n from deals",
        "select GENERATE_SERIES(1, d.amount) as n from deals d",
    ),
]


@pytest.mark.parametrize(
    ("dialect", "one", "other"),
    [(dialect, *pair) for dialect in ("duckdb", "postgres") for pair in _BOTH]
    + [("duckdb", *pair) for pair in _DUCKDB]
    + [("postgres", *pair) for pair in _POSTGRES],
)
def test_another_spelling_means_the_same(dialect: str, one: str, other: str) -> None:
    assert meaning(one, dialect) == meaning(other, dialect)
