-- One row an owner: every user of the CRM, and every id that owned or did something without a user
-- row.

{{ config(indexes=postgres_indexes(['owner_id'])) }}

with

users as (

    select
        owner_id,
        crm_user_id,
        owner_name,
        owner_email,
        cast(null as {{ text_type() }}) as team,
        cast(null as {{ text_type() }}) as manager_name,
        is_active,
        modified_at
    from {{ ref('stg_pipedrive__users') }}

    union all

    -- As the CSV export has them: by their names alone.
    select
        'pipedrive:' || owner_name as owner_id,
        owner_name as crm_user_id,
        owner_name,
        cast(null as {{ text_type() }}) as owner_email,
        cast(null as {{ text_type() }}) as team,
        cast(null as {{ text_type() }}) as manager_name,
        cast(null as boolean) as is_active,
        cast(null as timestamp) as modified_at
    from {{ ref('stg_pipedrive__deals') }}
    where owner_name is not null
    group by owner_name

    union all

    select
        salesforce_users.owner_id,
        salesforce_users.crm_user_id,
        salesforce_users.owner_name,
        salesforce_users.owner_email,
        roles.role_name as team,
        managers.owner_name as manager_name,
        salesforce_users.is_active,
        salesforce_users.modified_at
    from {{ ref('stg_salesforce__users') }} as salesforce_users
    left join {{ ref('stg_salesforce__user_roles') }} as roles
        on salesforce_users.role_id = roles.role_id
    left join {{ ref('stg_salesforce__users') }} as managers
        on salesforce_users.manager_id = managers.owner_id

    union all

    select
        generic_owners.owner_id,
        generic_owners.crm_user_id,
        generic_owners.owner_name,
        generic_owners.owner_email,
        generic_owners.team,
        managers.owner_name as manager_name,
        generic_owners.is_active,
        generic_owners.modified_at
    from {{ ref('stg_generic__owners') }} as generic_owners
    left join {{ ref('stg_generic__owners') }} as managers
        on generic_owners.manager_id = managers.owner_id

),

referenced_ids as (

    select owner_id from {{ ref('int_pipedrive__deal_owners') }}

    union

    select owner_id from {{ ref('int_pipedrive__activities') }}

    union

    select owner_id from {{ ref('int_salesforce__opportunity_owners') }}

),

all_ids as (

    select owner_id from users

    union

    select owner_id from referenced_ids
    where owner_id is not null

),

named as (

    select
        all_ids.owner_id,
        split_part(all_ids.owner_id, ':', 1) as crm_source,
        split_part(all_ids.owner_id, ':', 2) as crm_user_id,
        coalesce(
            users.owner_name, 'Unknown user ' || split_part(all_ids.owner_id, ':', 2)
        ) as owner_name,
        users.owner_email,
        users.team,
        users.manager_name,
        users.owner_id is not null as is_known,
        users.is_active,
        users.modified_at
    from all_ids
    left join users on all_ids.owner_id = users.owner_id

),

final as (

    select
        -- ids
        owner_id,
        crm_user_id,

        -- strings
        owner_name,
        -- As much of the id as tells people of one name apart.
        case
            when count(*) over (partition by owner_name) = 1 then owner_name
            when count(*) over (partition by owner_name, crm_source) = 1
                then owner_name || ' (' || crm_source || ')'
            else owner_name || ' (' || owner_id || ')'
        end as owner_label,
        {{ mask_name('owner_name') }} as owner_name_masked,
        owner_email,
        team,
        manager_name,
        crm_source,

        -- booleans
        is_known,
        is_active,

        -- timestamps
        modified_at
    from named

)

select * from final
