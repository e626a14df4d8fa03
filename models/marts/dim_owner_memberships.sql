-- The team of an owner at any time (SCD-2), valid_from <= t < valid_to. Plans know it; where they
-- say nothing of an owner, today's team of the CRM holds for all time.

-- Before every fact: the first day that can be loaded.
{% set beginning = "cast('1900-01-01' as timestamp)" %}

with

owners as (

    select
        owner_id,
        team
    from {{ ref('dim_owners') }}

),

planned as (

    select
        owner_id,
        team,
        valid_from,
        row_number() over (partition by owner_id order by valid_from) as membership_number,
        lead(valid_from) over (partition by owner_id order by valid_from) as valid_to
    from {{ ref('int_planning__team_memberships') }}
    where
        is_in_force
        and is_of_known_owner
        and valid_from < {{ source_dt_end() }}

),

final as (

    select
        -- ids
        owners.owner_id,

        -- strings
        case when planned.owner_id is null then owners.team else planned.team end as team,

        -- booleans
        planned.owner_id is not null as is_planned,

        -- timestamps
        case when planned.membership_number > 1 then planned.valid_from else {{ beginning }} end
            as valid_from,
        planned.valid_to
    from owners
    left join planned on owners.owner_id = planned.owner_id

)

select * from final
