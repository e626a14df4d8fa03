-- The labels of the options that a field can take, one row an option.

with

options as (

    select
        field_key,
        {{ json_elements('field_value_options') }} as field_option
    from {{ ref('stg_pipedrive__fields') }}
    where field_value_options is not null

),

parsed as (

    select
        field_key,
        {{ json_field('field_option', 'id') }} as option_id,
        {{ json_field('field_option', 'label') }} as option_label
    from options

)

select * from parsed
