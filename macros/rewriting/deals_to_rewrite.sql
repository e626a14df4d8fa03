{#- The deals whose raw rows are not those that the model was last built from: new, changed, late or
    deleted ones. Each row of the model carries the fingerprint of the raw rows it came from. -#}
{% macro deals_to_rewrite(built) -%}
    select coalesce(built.deal_key, raw_now.deal_key) as deal_key
    from (select distinct deal_key, raw_fingerprint from {{ built }}) as built
    full join {{ ref('int_deal_fingerprints') }} as raw_now
        on built.deal_key = raw_now.deal_key
    where built.raw_fingerprint is distinct from raw_now.raw_fingerprint
{%- endmacro %}

{#- The rows that an incremental run rewrites: every row in the window, and every day of the deals
    whose raw rows changed. -#}
{% macro is_to_be_rewritten(built, event_time) -%}
    ({{ event_time }} >= {{ rewrite_window_start() }}
        or deal_key in ({{ deals_to_rewrite(built) }}))
{%- endmacro %}
