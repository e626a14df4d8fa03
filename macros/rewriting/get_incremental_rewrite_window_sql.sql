{#- The incremental strategy of the daily facts: delete what is to be rewritten, insert it anew, in
    one transaction. Unlike dbt's own delete+insert it also removes rows whose raw rows are gone. -#}
{% macro get_incremental_rewrite_window_sql(arg_dict) -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ is_to_be_rewritten(arg_dict['target_relation'], config.get('event_time')) }};

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}
