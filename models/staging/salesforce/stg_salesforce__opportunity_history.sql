with

source as (

    {{ raw_rows('salesforce', 'opportunity_history', {
        'id': 'salesforce_id',
        'opportunity_id': 'salesforce_id',
        'stage_name': 'text',
        'forecast_category': 'text',
        'currency_iso_code': 'text',
        'amount': 'numeric',
        'probability': 'numeric',
        'is_deleted': 'boolean',
        '_fivetran_deleted': 'boolean',
        'close_date': 'date',
        'created_date': 'timestamp'
    }) }}

),

renamed as (

    select
        -- ids
        id as history_id,
        'salesforce:' || opportunity_id as opportunity_id,

        -- strings
        stage_name,
        forecast_category,
        currency_iso_code as currency,

        -- numerics
        amount,
        cast(probability / 100 as numeric(9, 6)) as probability,

        -- booleans
        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,

        -- dates
        close_date,

        -- timestamps
        created_date as changed_at
    from source

)

select * from renamed
