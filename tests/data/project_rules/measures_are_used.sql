-- A measure that no metric is made of is a number that nobody can ask for.

{%- set used = [] %}
{%- for metric in public_metrics() %}
    {%- do used.extend(metric.type_params.input_measures | map(attribute='name')) %}
{%- endfor %}

{%- set found = [] %}
{%- for semantic_model in project_nodes('semantic_models') %}
    {%- for measure in semantic_model.measures if measure.name not in used %}
        {%- do found.append({
            'what': 'no metric uses the measure ' ~ measure.name ~ ' of ' ~ semantic_model.name,
            'where': semantic_model.original_file_path,
            'what_to_do': 'remove it, or define a metric of it'
        }) %}
    {%- endfor %}
{%- endfor %}

{{ violations(found) }}
