{#- Violations of a project rule as rows: what is wrong, where, what to do; dbt's output names them as
    well. No table is read, so that a rule costs nothing and holds before anything is built. -#}
{% macro violations(found) -%}
    {%- for violation in found %}
        {%- do log('project rule: ' ~ violation['what'] ~ ' (' ~ violation['where'] ~ '); '
            ~ violation['what_to_do'], info=true) %}
select
    {{ text_literal(violation['what']) }} as what,
    {{ text_literal(violation['where']) }} as where_found,
    {{ text_literal(violation['what_to_do']) }} as what_to_do
        {%- if not loop.last %}
union all
        {%- endif %}
    {%- else %}
select
    {{ text_literal('') }} as what,
    {{ text_literal('') }} as where_found,
    {{ text_literal('') }} as what_to_do
where false
    {%- endfor %}
{%- endmacro %}
