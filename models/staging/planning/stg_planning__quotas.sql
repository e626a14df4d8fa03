with

source as (

    {{ raw_rows('planning', 'quota', {
        'owner_id': 'id',
        'month': 'date',
        'quota': 'numeric'
    }) }}

),

renamed as (

    select
        -- ids
        owner_id as given_owner_id,

        -- numerics
        quota,

        -- timestamps
        cast(date_trunc('month', cast(month as timestamp)) as timestamp) as quota_month
    from source

)

select * from renamed
