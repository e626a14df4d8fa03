with

source as (

    {{ raw_rows('salesforce', 'opportunity_field_history', {
        'id': 'id',
        'opportunity_id': 'id',
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
        old_value,
        new_value,

        -- booleans
        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,

        -- timestamps
        created_date as changed_at
    from source

)

select * from renamed
