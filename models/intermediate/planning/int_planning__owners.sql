-- The owner that each id in the plans means. Plans name owners by the CRM's id, with or without our
-- prefix, and Salesforce's ids have fifteen characters or eighteen: the first fifteen decide.

with

owners as (

    -- A mart, because it alone knows every owner: users, and ids that own something without a user.
    select
        owner_id,
        crm_source,
        is_known,
        left(crm_user_id, 15) as user_key
    from {{ ref('dim_owners') }}

),

given_ids as (

    select trim(owner_id) as given_owner_id from {{ ref('quotas') }}

    union

    select trim(owner_id) as given_owner_id from {{ ref('team_memberships') }}

    union

    select given_owner_id from {{ ref('stg_planning__quotas') }}

    union

    select given_owner_id from {{ ref('stg_planning__team_memberships') }}

),

given_parts as (

    select
        given_owner_id,
        case
            when given_owner_id like '%:%' then lower(split_part(given_owner_id, ':', 1))
        end as crm_source,
        left(
            case
                when given_owner_id like '%:%' then split_part(given_owner_id, ':', 2)
                else given_owner_id
            end,
            15
        ) as user_key
    from given_ids
    where given_owner_id is not null

),

-- One owner an id, or a quota would count twice: first one that is a user, without a prefix
-- Salesforce's.
ranked as (

    select
        given_parts.given_owner_id,
        owners.owner_id,
        row_number() over (
            partition by given_parts.given_owner_id
            order by
                owners.crm_source desc,
                owners.is_known desc,
                {{ by_bytes('owners.owner_id') }} desc
        ) as choice
    from given_parts
    left join owners
        on
            given_parts.user_key = owners.user_key
            and coalesce(given_parts.crm_source, owners.crm_source) = owners.crm_source

),

final as (

    select
        -- ids
        given_owner_id,
        coalesce(owner_id, given_owner_id) as owner_id,

        -- booleans
        owner_id is not null as is_known
    from ranked
    where choice = 1

)

select * from final
