{#- The incremental strategy of tables that depend on raw rows alone: all rows of the deals whose raw
    rows changed are deleted and inserted anew, in one transaction. -#}
{% macro get_incremental_rewrite_deals_sql(arg_dict) -%}
    {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
    delete from {{ arg_dict['target_relation'] }}
    where {{ config.get('meta')['deal_key'] }} in (
        {{ deals_to_rewrite(arg_dict['target_relation']) }}
    );

    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}
