{#- The custom fields of a Salesforce table's rows, with their id under the name of the entity's key. -#}
{% macro salesforce_fields(entity, table_name, key) -%}
    {%- set fields = custom_fields(entity, 'salesforce') -%}
    {%- set columns = {'id': 'salesforce_id'} -%}
    {%- for field in fields -%}
        {%- do columns.update({field.columns.salesforce | lower: field_kind(field)}) -%}
        {%- do warn_of_missing_column('salesforce', table_name, field.columns.salesforce, 'custom_fields') -%}
    {%- endfor -%}
with

source as (

    {{ raw_rows('salesforce', table_name, columns) }}

),

renamed as (

    select
        'salesforce:' || id as {{ key }}
        {%- for field in custom_fields(entity) %},
        cast({{ labelled(adapter.quote(field.columns.salesforce | lower), field) if 'salesforce' in field.columns else 'null' }}
            as {{ field.data_type }}) as {{ adapter.quote(field.name) }}
        {%- endfor %}
    from source

)

select * from renamed
{%- endmacro %}
