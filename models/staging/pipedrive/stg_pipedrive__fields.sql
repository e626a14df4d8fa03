with

source as (

    {{ raw_rows('pipedrive', 'fields', {
        'id': 'bigint',
        'field_key': 'text',
        'name': 'text',
        'field_value_options': 'json list'
    }, fallbacks={'field_key': ['key'], 'field_value_options': ['options']}) }}

),

renamed as (

    select
        -- ids
        id as field_id,

        -- strings
        field_key,
        name as field_name,
        field_value_options

    from source

)

select * from renamed
