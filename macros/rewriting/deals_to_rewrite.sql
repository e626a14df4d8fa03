{#- The deals whose raw rows are not those that the model was last built from: new, changed, late or
    deleted ones. Each row of the model carries the fingerprint of the raw rows it came from. -#}
{% macro deals_to_rewrite(built) -%}
    select coalesce(built.deal_key, raw_now.deal_key) as deal_key
    from (
        select distinct deal_key, raw_fingerprint from {{ built }}
        where raw_fingerprint is not null
    ) as built
    full join {{ ref('int_deal_fingerprints') }} as raw_now
        on built.deal_key = raw_now.deal_key
    where built.raw_fingerprint is distinct from raw_now.raw_fingerprint
{%- endmacro %}

{#- The rows that an incremental run rewrites: every row in the window or after the last one built,
    every day of the deals whose raw rows changed, and what is still running, because its length
    depends on the reference date. A model with such rows says in its config's meta which they are:
    `still_running`. One that ended since it was built, or did not end after all, is one whose raw
    rows changed. -#}
{% macro is_to_be_rewritten(built, event_time) -%}
    {%- set still_running = config.get('meta', {}).get('still_running') -%}
    ({{ event_time }} >= {{ rewrite_window_start() }}
        or {{ event_time }} > (select max({{ config.get('event_time') }}) from {{ built }})
        {%- if still_running %}
        or ({{ still_running }})
        {%- endif %}
        or deal_key in ({{ deals_to_rewrite(built) }}))
{%- endmacro %}
