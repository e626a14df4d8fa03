with

source as (

    {{ raw_rows('pipedrive', 'activity_types', {
        'id': 'bigint',
        'type': 'text',
        'name': 'text',
        'active': 'text'
    }, fallbacks={'type': ['key_string'], 'active': ['active_flag']}) }}

),

renamed as (

    select
        -- ids
        id as activity_type_id,

        -- strings
        type as activity_type_key,
        name as activity_type_name,

        -- booleans
        lower(active) in ({{ words_for(true) }}) as is_active

    from source

)

select * from renamed
