-- A metric says what it means, in what unit, whose it is, how far to trust it, where it comes from
-- and at which grains it is right.

{%- set found = [] %}
{%- for metric in public_metrics() %}
    {%- set meta = metric.config.meta %}
    {%- set missing = [] %}
    {%- for key in ['description', 'label'] if not (metric[key] or '') | trim %}
        {%- do missing.append(key) %}
    {%- endfor %}
    {%- for key in ['owner', 'unit', 'tier', 'source', 'version', 'direction', 'grains']
        if not meta.get(key, '') | string | trim or meta.get(key) in (none, []) %}
        {%- do missing.append('config.meta.' ~ key) %}
    {%- endfor %}
    {%- for key in missing %}
        {%- do found.append({
            'what': 'the metric ' ~ metric.name ~ ' has no ' ~ key.split('.')[-1],
            'where': metric.original_file_path,
            'what_to_do': 'give it ' ~ key ~ ', as its neighbours have'
        }) %}
    {%- endfor %}
    {%- if meta.get('tier') and meta.tier not in ['certified', 'supported', 'draft'] %}
        {%- do found.append({
            'what': 'the metric ' ~ metric.name ~ ' has the unknown tier ' ~ meta.tier,
            'where': metric.original_file_path,
            'what_to_do': 'set config.meta.tier to certified, supported or draft'
        }) %}
    {%- endif %}
{%- endfor %}

{{ violations(found) }}
