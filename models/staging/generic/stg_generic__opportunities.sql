with

source as (

    {{ raw_rows('generic', 'opportunity', {
        'id': 'id',
        'account_id': 'id',
        'owner_id': 'id',
        'name': 'text',
        'stage': 'text',
        'status': 'text',
        'type': 'text',
        'lead_source': 'text',
        'push_reason': 'text',
        'lost_reason': 'text',
        'next_step': 'text',
        'description': 'text',
        'forecast_category': 'text',
        'currency': 'text',
        'amount': 'numeric',
        'probability': 'numeric',
        'is_deleted': 'boolean',
        '_fivetran_deleted': 'boolean',
        'close_date': 'date',
        'created_at': 'timestamp',
        'modified_at': 'timestamp',
        '_fivetran_synced': 'timestamp'
    }, fallbacks={'modified_at': ['created_at']}) }}

),

renamed as (

    select
        -- ids
        'generic:' || id as opportunity_id,
        'generic:' || account_id as account_id,
        'generic:' || owner_id as owner_id,

        -- strings
        name as opportunity_name,
        stage as stage_name,
        lower(status) as status,
        type as opportunity_type,
        lead_source,
        push_reason,
        lost_reason,
        next_step,
        description,
        forecast_category,
        currency,

        -- numerics
        amount,
        cast(probability / 100 as numeric(9, 6)) as probability,

        -- booleans
        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,

        -- dates
        close_date,

        -- timestamps
        created_at,
        coalesce(modified_at, created_at) as modified_at,
        _fivetran_synced as extracted_at
    from source

)

select * from renamed
