{#- Incremental models on Spark, by the strategies that the models name: rows to be rewritten go, those
    of this run come, and any sequence of runs is one full refresh as it is elsewhere. -#}
{% materialization incremental, adapter='spark' -%}
    {%- set built = load_relation(this) -%}
    {{ run_hooks(pre_hooks) }}
    {%- if built is none or built.is_view or should_full_refresh() -%}
        {%- if built -%} {%- do adapter.drop_relation(built) -%} {%- endif -%}
        {%- call statement('main') -%} {{ create_table_as(false, this, compiled_code) }} {%- endcall -%}
    {%- else -%}
        {%- set fresh = this.incorporate(path={'identifier': this.identifier ~ '__fresh'}) -%}
        {%- set fresh = fresh.include(database=false, schema=false) -%}
        {%- call statement('fresh') -%} {{ create_table_as(true, fresh, compiled_code) }} {%- endcall -%}
        {%- do process_schema_changes(config.get('on_schema_change'), fresh, built) -%}
        {%- set columns = get_quoted_csv(adapter.get_columns_in_relation(built) | map(attribute='name')) -%}
        {%- set select -%}
            select {{ columns }} from {{ built }}
            where not coalesce({{ is_to_go(built, fresh) }}, false)
            union all
            select {{ columns }} from {{ fresh }}
        {%- endset -%}
        {%- do replace_table(built, select) -%}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [this]}) }}
{%- endmaterialization %}

{#- Which rows of a built table an incremental run takes away, by the strategy of its model. -#}
{% macro is_to_go(built, fresh) -%}
    {%- set strategy = config.get('incremental_strategy') -%}
    {%- if strategy == 'rewrite_window' -%}
        {{ return(is_to_be_rewritten(built, config.get('event_time'))) }}
    {%- elif strategy == 'rewrite_deals' -%}
        {{ return(config.get('meta')['deal_key'] ~ ' in (' ~ deals_to_rewrite(built) ~ ')') }}
    {%- elif strategy == 'delete+insert' -%}
        {%- set key = config.get('unique_key') -%}
        {%- set key = key if key is string else key | join(', ') -%}
        {{ return('(' ~ key ~ ') in (select ' ~ key ~ ' from ' ~ fresh ~ ')') }}
    {%- endif -%}
    {{ exceptions.raise_compiler_error('no incremental strategy ' ~ strategy ~ ' on Spark') }}
{%- endmacro %}
