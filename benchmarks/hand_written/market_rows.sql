-- Rows for the market of the tests: orders as many as asked for over five years, a visit for every
-- second, a customer for every fifty. Made by hashes of row numbers, so that they are the same each
-- time.
create or replace table days as
select
    cast(moment as date) as date_day,
    cast(date_trunc('quarter', moment - interval '1 month') + interval '1 month' as date)
        as market_quarter
from generate_series(
    timestamp '2020-01-01', timestamp '2024-12-31', interval '1 day'
) as days(moment);

create or replace table agents as
select
    cast(number as integer) as agent_id,
    'Agent ' || number as agent_name,
    nullif(['harvest', 'orchard', 'cellar', ''][1 + number % 4], '') as team,
    date '2019-01-01' + cast(number as integer) as hired_on
from range(1, 201) as numbers(number);

create or replace table customers as
select
    cast(number as integer) as customer_id,
    'Customer ' || number as customer_name,
    ['north', 'south', 'east', 'west', null][1 + cast(hash(number) % 5 as integer)] as region,
    date '2020-01-01' + cast(hash(number + 1) % 1800 as integer) as signed_up_on,
    cast(1 + hash(number + 2) % 200 as integer) as agent_id
from range(1, 1 + $orders // 50) as numbers(number);

create or replace table orders as
select
    cast(number as integer) as order_id,
    case
        when number % 100 != 0 then cast(1 + hash(number * 7) % ($orders // 50) as integer)
    end as customer_id,
    timestamp '2020-01-01' + to_seconds(cast(hash(number * 7 + 1) % 157766400 as bigint))
        as ordered_at,
    ['paid', 'paid', 'paid', 'open', 'cancelled'][1 + cast(hash(number * 7 + 2) % 5 as integer)]
        as status,
    ['web', 'store', 'phone'][1 + cast(hash(number * 7 + 3) % 3 as integer)] as channel,
    case
        when number % 50 != 1
            then cast((hash(number * 7 + 4) % 100000) / 100 as numeric(12, 2))
    end as amount,
    cast(1 + hash(number * 7 + 5) % 9 as integer) as quantity
from range(1, 1 + $orders) as numbers(number)
order by ordered_at;

create or replace table visits as
select
    cast(number as integer) as visit_id,
    cast(1 + hash(number * 5) % ($orders // 50) as integer) as customer_id,
    date '2020-01-01' + cast(hash(number * 5 + 1) % 1826 as integer) as visited_on,
    ['search', 'friend', 'poster'][1 + cast(hash(number * 5 + 2) % 3 as integer)] as source
from range(1, 1 + $orders // 2) as numbers(number)
order by visited_on;

create or replace table stock as
select
    store || ' ' || item as shelf_id,
    store,
    'item ' || item as item,
    day as stock_day,
    cast(hash(store || item || day) % 100 as integer) as quantity
from
    (select unnest(['harbour', 'station', 'airport', 'hill']) as store) as stores,
    (select range as item from range(0, greatest(1, $orders // 8000))) as items,
    (select date_day as day from days) as calendar;
