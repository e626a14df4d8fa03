with

source as (

    {{ raw_rows('pipedrive', 'deals', {
        'id': 'id',
        'user_id': 'object id',
        'org_id': 'object id',
        'stage_id': 'id',
        'title': 'text',
        'status': 'text',
        'stage_name': 'text',
        'pipeline_name': 'text',
        'owner_name': 'text',
        'currency': 'text',
        'lost_reason': 'text',
        'origin': 'text',
        'value': 'numeric',
        'probability': 'numeric',
        'deleted': 'boolean',
        '_fivetran_deleted': 'boolean',
        'expected_close_date': 'date',
        'add_time': 'timestamp',
        'update_time': 'timestamp',
        'stage_change_time': 'timestamp',
        'close_time': 'timestamp',
        'won_time': 'timestamp',
        'lost_time': 'timestamp'
    }, fallbacks={
        'user_id': ['owner_id', 'user_id__value', 'user_id__id'],
        'org_id': ['org_id__value', 'org_id__id'],
        'deleted': ['is_deleted']
    }) }}

),

-- The CSV export has names in the place of the ids of stages and owners: they are ids here.
renamed as (

    select
        -- ids
        'pipedrive:' || id as deal_id,
        coalesce(user_id, owner_name) as crm_user_id,
        'pipedrive:' || org_id as account_id,
        coalesce(
            stage_id, coalesce(pipeline_name || ' - ', '') || stage_name
        ) as crm_stage_id,

        -- strings
        title as opportunity_name,
        lower(status) as status,
        case when stage_id is null then stage_name end as stage_name,
        pipeline_name,
        case when user_id is null then owner_name end as owner_name,
        currency,
        lost_reason,
        origin as lead_source,

        -- numerics
        value as amount,
        probability,

        -- booleans
        coalesce(deleted, false)
        or coalesce(_fivetran_deleted, false)
        or coalesce(lower(status) = 'deleted', false) as is_deleted,

        -- dates
        expected_close_date,

        -- timestamps
        add_time as added_at,
        update_time as updated_at,
        stage_change_time as stage_changed_at,
        -- Only what it is now has a time: one that was won and opened again may keep its own.
        case lower(status)
            when 'won' then coalesce(won_time, close_time)
            when 'lost' then coalesce(lost_time, close_time)
        end as closed_at
    from source

)

select * from renamed
