with

source as (

    {{ raw_rows('pipedrive', 'stages', {
        'stage_id': 'id',
        'pipeline_id': 'id',
        'stage_name': 'text',
        'pipeline_name': 'text',
        'order_nr': 'bigint',
        'deal_probability': 'numeric'
    }, fallbacks={'stage_id': ['id'], 'stage_name': ['name']}) }}

),

renamed as (

    select
        -- ids
        'pipedrive:' || stage_id as stage_id,

        pipeline_id,

        -- strings
        stage_name,
        pipeline_name,

        -- numerics
        cast(order_nr as integer) as stage_order,
        cast(deal_probability / 100 as numeric(9, 6)) as deal_probability
    from source

)

select * from renamed
