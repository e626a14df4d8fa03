with

source as (

    {{ raw_rows('salesforce', 'opportunity_field_history', {
        'id': 'salesforce_id',
        'opportunity_id': 'salesforce_id',
        'field': 'text',
        'old_value': 'text',
        'new_value': 'text',
        'is_deleted': 'boolean',
        '_fivetran_deleted': 'boolean',
        'created_date': 'timestamp'
    }) }}

),

renamed as (

    select
        -- ids
        id as field_history_id,
        'salesforce:' || opportunity_id as opportunity_id,

        -- strings
        field as changed_field,
        case
            when lower(field) in ('owner', 'ownerid', 'owner_id') and old_value like '005%'
                then {{ salesforce_id('old_value') }}
            else old_value
        end as old_value,
        case
            when lower(field) in ('owner', 'ownerid', 'owner_id') and new_value like '005%'
                then {{ salesforce_id('new_value') }}
            else new_value
        end as new_value,

        -- booleans
        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,

        -- timestamps
        created_date as changed_at
    from source

)

select * from renamed
