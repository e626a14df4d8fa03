{#- The deals whose raw rows changed since the model was last built: new, changed, late or deleted
    ones. Each row of the model says which change of its deal's raw rows it was built after. -#}
{% macro deals_to_rewrite(built) -%}
    select deal_key from {{ ref('int_deal_fingerprints') }}
    where raw_changed_at > (
        select coalesce(max(raw_changed_at), cast('1900-01-01' as timestamp)) from {{ built }}
    )
{%- endmacro %}

{#- The rows that an incremental run rewrites: every row in the window or after the last one built,
    every day of the deals whose raw rows changed, and what is still running, because its length
    depends on the reference date. A model with such rows says in its config's meta which they are:
    `still_running`. One that ended since it was built, or did not end after all, is one whose raw
    rows changed. -#}
{% macro is_to_be_rewritten(built, event_time, deal_key='deal_key', still_running=none) -%}
    {%- set still_running = still_running or config.get('meta', {}).get('still_running') -%}
    ({{ event_time }} >= {{ rewrite_window_start() }}
        or {{ event_time }} > (select max({{ config.get('event_time') }}) from {{ built }})
        {%- if still_running %}
        or ({{ still_running }})
        {%- endif %}
        or {{ deal_key }} in ({{ deals_to_rewrite(built) }}))
{%- endmacro %}

{#- The deals of which an upstream relation has a row to rewrite: all that an incremental run has to
    work out. The columns are those of the relation. -#}
{% macro deals_with_rows_to_rewrite(
    built, relation, event_time, deal_key='deal_key', still_running=none
) -%}
    select {{ deal_key }} from {{ relation }}
    where {{ is_to_be_rewritten(built, event_time, deal_key, still_running) }}
{%- endmacro %}
