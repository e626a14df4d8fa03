with

source as (

    select * from {{ source('pipedrive', 'deal_changes') }}

),

-- Rows alike in every column are one change landed twice.
renamed as (

    select distinct
        -- ids
        'pipedrive:' || cast(deal_id as text) as deal_id,

        -- strings
        cast(changed_field_key as text) as changed_field_key,
        nullif(cast(new_value as text), '') as new_value,

        -- timestamps
        cast(change_time as timestamp) as changed_at

    from source

)

select * from renamed
