with

source as (

    {{ raw_rows('salesforce', 'opportunity', {
        'id': 'salesforce_id',
        'stage_name': 'text',
        'forecast_category': 'text',
        'currency_iso_code': 'text',
        'amount': 'numeric',
        'probability': 'numeric',
        'is_deleted': 'boolean',
        '_fivetran_deleted': 'boolean',
        'close_date': 'date',
        'created_date': 'timestamp',
        '_fivetran_start': 'timestamp',
        '_fivetran_end': 'timestamp'
    }, every_version=true) }}

),

renamed as (

    select
        -- ids
        'salesforce:' || id as opportunity_id,

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
        created_date as created_at,
        _fivetran_start as valid_from,
        _fivetran_end as valid_to
    from source
    where _fivetran_start is not null

)

select * from renamed
