with

source as (

    {{ raw_rows('pipedrive', 'stages', {
        'stage_id': 'id',
        'stage_name': 'text'
    }) }}

),

renamed as (

    select
        -- ids
        'pipedrive:' || stage_id as stage_id,

        -- strings
        stage_name

    from source

)

select * from renamed
