-- From which day on an owner belongs to a team, as the seed or the planning tool say it, and which
-- of both holds: the seed where both say something of an owner and day.

with

owners as (

    select * from {{ ref('int_planning__owners') }}

),

given_memberships as (

    select
        trim(owner_id) as given_owner_id,
        'seed' as given_by,
        nullif(trim(team), '') as team,
        cast(valid_from as timestamp) as valid_from
    from {{ ref('team_memberships') }}

    union all

    select
        given_owner_id,
        'planning' as given_by,
        team,
        valid_from
    from {{ ref('stg_planning__team_memberships') }}

),

final as (

    select
        -- ids
        owners.owner_id,
        given_memberships.given_owner_id,

        -- strings
        given_memberships.given_by,
        given_memberships.team,

        -- booleans
        owners.is_known as is_of_known_owner,
        row_number() over (
            partition by owners.owner_id, given_memberships.valid_from
            -- Twice in one place is for a test to find; until then, one of them.
            order by
                given_memberships.given_by desc,
                {{ by_bytes('given_memberships.team') }} nulls last
        ) = 1 as is_in_force,

        -- timestamps
        given_memberships.valid_from
    from given_memberships
    inner join owners on given_memberships.given_owner_id = owners.given_owner_id

)

select * from final
