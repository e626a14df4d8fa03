{#- Keeps for the tests of this run what it will rewrite of each model that it adds to: the rows of deals
    that changed after `changed_at`, those from `first_day` on, and what is still running. Nothing is kept
    where tests look at all rows: of a table that is empty or made whole, and unless what the run starts
    from has passed the tests as they are. Who starts dbt says that it has: TESTED_BEFORE, in an environment
    variable of dbt's own. -#}
{% macro keep_rewritten_rows() -%}
    {%- if execute and flags.WHICH == 'build' and not flags.FULL_REFRESH
        and dbt_metadata_envs.get('TESTED_BEFORE') == 'true' -%}
        {%- for node in graph['nodes'].values()
            if node['config'].get('incremental_strategy') in ['rewrite_window', 'rewrite_deals']
            and not node['config'].get('full_refresh') -%}
            {%- set built = adapter.get_relation(node['database'], node['schema'], node['alias']) -%}
            {%- if built and built.type == 'table' -%}
                {%- do node.update({'rewritten': rewritten_of(built, node['config'])}) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- What a run rewrites of a table as it stands; none of an empty one. -#}
{% macro rewritten_of(built, settings) -%}
    {%- set event_time = settings.get('event_time') -%}
    {%- set latest -%}
        select
            cast(max(raw_changed_at) as {{ text_type() }}) as changed_at,
            cast(max({{ event_time or 'raw_changed_at' }}) as {{ text_type() }}) as event_time
        from {{ built }}
    {%- endset -%}
    {%- set row = run_query(latest).rows[0] -%}
    {%- if row[0] is none or row[1] is none -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set rewritten = {
        'changed_at': "cast('" ~ row[0] ~ "' as timestamp)",
        'still_running': (settings.get('meta') or {}).get('still_running')
    } -%}
    {%- if event_time -%}
        {%- do rewritten.update({
            'event_time': event_time,
            'first_day': 'least(' ~ rewrite_window_start() ~ ", cast('" ~ row[1] ~ "' as timestamp))"
        }) -%}
    {%- endif -%}
    {{ return(rewritten) }}
{%- endmacro %}

{#- What this run rewrites of a model, as kept above; none where all rows count. -#}
{% macro rewritten_since(unique_id) -%}
    {{ return(graph['nodes'].get(unique_id, {}).get('rewritten') if execute else none) }}
{%- endmacro %}

{#- The same as a condition; empty where all rows count. A row of which it cannot be said for certain, as
    one without a day, counts as rewritten. -#}
{% macro rewritten_rows(unique_id) -%}
    {%- set rewritten = rewritten_since(unique_id) -%}
    {%- if not rewritten -%}
        {{ return('') }}
    {%- endif -%}
    {%- set untouched = ['raw_changed_at <= ' ~ rewritten['changed_at']] -%}
    {%- if rewritten.get('event_time') -%}
        {%- do untouched.append(rewritten['event_time'] ~ ' < ' ~ rewritten['first_day']) -%}
    {%- endif -%}
    {%- if rewritten['still_running'] -%}
        {%- do untouched.append('not (' ~ rewritten['still_running'] ~ ')') -%}
    {%- endif -%}
    {{ return('not coalesce(' ~ untouched | join(' and ') ~ ', false)') }}
{%- endmacro %}
