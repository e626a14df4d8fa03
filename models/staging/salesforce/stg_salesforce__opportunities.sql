{% set push_reason = column_name_var('push_reason_column')
    or built_in_field('opportunity', 'push_reason', 'salesforce') %}
{% set lost_reason = column_name_var('lost_reason_column')
    or built_in_field('opportunity', 'lost_reason', 'salesforce') %}
{% set columns = {
    'id': 'salesforce_id',
    'account_id': 'salesforce_id',
    'owner_id': 'salesforce_id',
    'name': 'text',
    'stage_name': 'text',
    'type': 'text',
    'lead_source': 'text',
    'next_step': 'text',
    'description': 'text',
    'forecast_category': 'text',
    'currency_iso_code': 'text',
    'amount': 'numeric',
    'probability': 'numeric',
    'is_closed': 'boolean',
    'is_won': 'boolean',
    'is_deleted': 'boolean',
    '_fivetran_deleted': 'boolean',
    'close_date': 'date',
    'created_date': 'timestamp',
    'last_modified_date': 'timestamp',
    '_fivetran_synced': 'timestamp'
} %}
{% for reason in [push_reason, lost_reason] if reason %}
    {% do columns.setdefault(reason, 'text') %}
    {% do warn_of_missing_column('salesforce', 'opportunity', reason) %}
{% endfor %}

with

source as (

    {{ raw_rows('salesforce', 'opportunity', columns, fallbacks={
        'last_modified_date': ['system_modstamp', 'created_date']
    }) }}

),

renamed as (

    select
        -- ids
        'salesforce:' || id as opportunity_id,
        'salesforce:' || account_id as account_id,
        'salesforce:' || owner_id as owner_id,

        -- strings
        name as opportunity_name,
        stage_name,
        type as opportunity_type,
        lead_source,
        cast(
            {{ adapter.quote(push_reason) if push_reason else 'null' }} as {{ text_type() }}
        ) as push_reason,
        cast(
            {{ adapter.quote(lost_reason) if lost_reason else 'null' }} as {{ text_type() }}
        ) as lost_reason,
        next_step,
        description,
        forecast_category,
        currency_iso_code as currency,

        -- numerics
        amount,
        cast(probability / 100 as numeric(9, 6)) as probability,

        -- booleans
        coalesce(is_closed, false) as is_closed,
        coalesce(is_won, false) as is_won,
        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,

        -- dates
        close_date,

        -- timestamps
        created_date as created_at,
        last_modified_date as modified_at,
        _fivetran_synced as extracted_at
    from source

)

select * from renamed
