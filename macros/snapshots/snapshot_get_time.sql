{#- The clock by which dbt dates a record that went away: UTC, whatever zone the session is in. dbt
    finds this in place of the adapters' own. -#}
{% macro default__snapshot_get_time() -%}
    cast({{ current_timestamp() }} at time zone 'UTC' as timestamp)
{%- endmacro %}

{% macro spark__snapshot_get_time() -%} {{ current_timestamp() }} {%- endmacro %}
