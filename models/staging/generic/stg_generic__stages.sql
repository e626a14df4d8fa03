with

source as (

    {{ raw_rows('generic', 'stage', {
        'name': 'text',
        'category': 'text',
        'funnel_step': 'text',
        'position': 'bigint',
        'probability': 'numeric'
    }) }}

),

renamed as (

    select
        -- strings
        name as stage_name,
        lower(category) as stage_category,
        funnel_step,

        -- numerics
        cast({{ adapter.quote('position') }} as integer) as stage_order,
        cast(probability / 100 as numeric(9, 6)) as default_probability
    from source

)

select * from renamed
