-- A metric that no saved query asks for reaches no export and no report. What is only a part of
-- other metrics is marked as building block.

{%- set asked = [] %}
{%- for saved_query in project_nodes('saved_queries') %}
    {%- do asked.extend(saved_query.query_params.metrics) %}
{%- endfor %}

{%- set found = [] %}
{%- for metric in public_metrics()
    if metric.name not in asked and metric.config.meta.get('building_block') is not true %}
    {%- do found.append({
        'what': 'the metric ' ~ metric.name ~ ' is in no saved query',
        'where': metric.original_file_path,
        'what_to_do': 'add it to a saved query of its readers, or set config.meta.building_block: true'
    }) %}
{%- endfor %}

{{ violations(found) }}
