with

source as (

    {{ raw_rows('pipedrive', 'dealflow', {
        'id': 'bigint',
        'item_id': 'id',
        'field_key': 'text',
        'old_value': 'text',
        'new_value': 'text',
        'log_time': 'timestamp'
    }) }}

),

renamed as (

    select
        -- ids
        id as change_id,
        'pipedrive:' || item_id as deal_id,

        -- strings
        field_key as changed_field_key,
        old_value,
        new_value,

        -- timestamps
        log_time as changed_at
    from source

)

select * from renamed
