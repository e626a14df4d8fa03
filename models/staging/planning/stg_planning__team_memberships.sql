with

source as (

    {{ raw_rows('planning', 'team_membership', {
        'owner_id': 'id',
        'team': 'text',
        'valid_from': 'date'
    }) }}

),

renamed as (

    select
        -- ids
        owner_id as given_owner_id,

        -- strings
        team,

        -- timestamps
        cast(valid_from as timestamp) as valid_from
    from source

)

select * from renamed
