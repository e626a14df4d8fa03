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
        case
            -- Some tools write whole numbers as 3.0.
            when changed_field_key in ('user_id', 'stage_id') and new_value like '%.0'
                then split_part(new_value, '.', 1)
            else new_value
        end as new_value,

        -- timestamps
        change_time as changed_at

    from source

)

select * from renamed
