-- What the check queries read beside the tables themselves: rows with all that is joined to them.
create macro week(moment) as cast(date_trunc('week', moment) as date);
create macro month(moment) as cast(date_trunc('month', moment) as date);
create macro quarter(moment) as cast(date_trunc('quarter', moment) as date);
create macro year(moment) as cast(date_trunc('year', moment) as date);

-- Rides: `day` is the day they started on, `plan` the plan that the rider had on it.
create view r as
select
    rides.*,
    cast(rides.started_at as date) as day,
    days.season,
    days.fortnight,
    stations.station_name,
    stations.docks,
    stations.city_id,
    cities.city_name,
    cities.country,
    riders.rider_name,
    riders.joined_on,
    homes.city_name as home,
    homes.country as home_country,
    rider_plans.plan
from bikes.main.rides
left join bikes.main.stations using (station_id)
left join bikes.main.cities using (city_id)
left join bikes.main.riders on riders.rider_id = rides.rider_id
left join bikes.main.cities as homes on homes.city_id = riders.city_id
left join bikes.main.rider_plans
    on rider_plans.rider_id = rides.rider_id
    and cast(rides.started_at as date) >= rider_plans.valid_from
    and (cast(rides.started_at as date) < rider_plans.valid_to or rider_plans.valid_to is null)
left join bikes.main.days on days.date_day = cast(rides.started_at as date);

-- Counts of bikes.
create view c as
select counts.*, counts.counted_on as day, days.season, station_name, docks, city_name, country
from bikes.main.counts
left join bikes.main.stations using (station_id)
left join bikes.main.cities using (city_id)
left join bikes.main.days on days.date_day = counts.counted_on;

-- Visits, each with whether a ride of the rider followed within seven days.
create view v as
select visits.*, visits.visited_on as day, days.season, rider_name, cities.city_name as home
from bikes.main.visits
left join bikes.main.riders using (rider_id)
left join bikes.main.cities using (city_id)
left join bikes.main.days on days.date_day = visits.visited_on;

-- All days that can be asked for, and the periods they lie in.
create view days as
select date_day as day, season, fortnight, week(date_day) as week, month(date_day) as month,
    quarter(date_day) as quarter, year(date_day) as year
from bikes.main.days;
