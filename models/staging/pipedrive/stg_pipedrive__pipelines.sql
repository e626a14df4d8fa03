with

source as (

    {{ raw_rows('pipedrive', 'pipelines', {
        'id': 'id',
        'name': 'text'
    }) }}

),

renamed as (

    select
        -- ids
        id as pipeline_id,

        -- strings
        name as pipeline_name
    from source

)

select * from renamed
