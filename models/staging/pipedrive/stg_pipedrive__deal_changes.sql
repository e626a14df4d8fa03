with

source as (

    {{ raw_rows('pipedrive', 'deal_changes', {
        'deal_id': 'id',
        'changed_field_key': 'text',
        'new_value': 'text',
        'change_time': 'timestamp'
    }) }}

),

-- Rows alike in every column are one change landed twice.
renamed as (

    select distinct
        -- ids
        'pipedrive:' || deal_id as deal_id,

        -- strings
        changed_field_key,
        new_value,

        -- timestamps
        change_time as changed_at

    from source

)

select * from renamed
