-- One row per owner and month, with the team of its first day. Quotas of months to come are there:
-- a plan is known ahead.

with

quotas as (

    select * from {{ ref('int_planning__quotas') }}
    where is_in_force and is_of_known_owner

),

memberships as (

    select * from {{ ref('dim_owner_memberships') }}

),

final as (

    select
        -- ids
        quotas.owner_id,

        -- strings
        memberships.team,

        -- numerics
        quotas.quota,

        -- booleans
        {{ is_over('quotas.quota_month', 1) }} as is_month_over,

        -- timestamps
        quotas.quota_month
    from quotas
    inner join memberships
        on
            quotas.owner_id = memberships.owner_id
            and quotas.quota_month >= memberships.valid_from
            and (quotas.quota_month < memberships.valid_to or memberships.valid_to is null)

)

select * from final
