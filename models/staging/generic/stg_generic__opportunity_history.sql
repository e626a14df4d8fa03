with

source as (

    {{ raw_rows('generic', 'opportunity_history', {
        'id': 'id',
        'opportunity_id': 'id',
        'owner_id': 'id',
        'stage': 'text',
        'forecast_category': 'text',
        'currency': 'text',
        'amount': 'numeric',
        'probability': 'numeric',
        'close_date': 'date',
        'changed_at': 'timestamp'
    }, without_gone=true) }}

),

renamed as (

    select
        -- ids
        id as history_id,
        'generic:' || opportunity_id as opportunity_id,
        'generic:' || owner_id as owner_id,

        -- strings
        stage as stage_name,
        forecast_category,
        currency,

        -- numerics
        amount,
        cast(probability / 100 as numeric(9, 6)) as probability,

        -- dates
        close_date,

        -- timestamps
        changed_at
    from source

)

select * from renamed
