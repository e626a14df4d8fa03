-- Users as Pipedrive knows them, under the name that older readers know.

{{ config(alias='dim_users') }}

with

owners as (

    select * from {{ ref('dim_owners') }}
    where crm_source = 'pipedrive' and is_known

),

final as (

    select
        -- ids
        {{ crm_number('owner_id') }} as user_id,

        -- strings
        owner_name as user_name,
        owner_email as user_email,

        -- booleans
        is_active
    from owners

)

select * from final
