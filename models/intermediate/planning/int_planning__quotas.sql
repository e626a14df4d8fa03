-- Every quota that is given, by the seed or by the planning tool, and which of them hold: the
-- seed's where both give one for an owner and month.

with

owners as (

    select * from {{ ref('int_planning__owners') }}

),

given_quotas as (

    select
        trim(owner_id) as given_owner_id,
        'seed' as given_by,
        quota,
        cast(date_trunc('month', cast(month as timestamp)) as timestamp) as quota_month
    from {{ ref('quotas') }}

    union all

    select
        given_owner_id,
        'planning' as given_by,
        quota,
        quota_month
    from {{ ref('stg_planning__quotas') }}

),

final as (

    select
        -- ids
        owners.owner_id,
        given_quotas.given_owner_id,

        -- strings
        given_quotas.given_by,

        -- numerics
        given_quotas.quota,

        -- booleans
        owners.is_known as is_of_known_owner,
        row_number() over (
            partition by owners.owner_id, given_quotas.quota_month
            -- Twice in one place is for a test to find; until then, one of them.
            order by given_quotas.given_by desc, given_quotas.quota desc
        ) = 1 as is_in_force,

        -- timestamps
        given_quotas.quota_month
    from given_quotas
    inner join owners on given_quotas.given_owner_id = owners.given_owner_id

)

select * from final
