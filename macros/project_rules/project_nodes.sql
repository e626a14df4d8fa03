{#- Nodes of this project out of dbt's graph, by name: `kind` as the graph calls it, such as metrics,
    semantic_models, saved_queries, nodes. While dbt parses, the graph is not there yet: none. -#}
{% macro project_nodes(kind) -%}
    {%- set found = [] -%}
    {%- if execute -%}
        {%- for node in graph.get(kind, {}).values() | sort(attribute='name')
            if node.package_name == project_name -%}
            {%- do found.append(node) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

{#- The project's models in a folder of its models, such as marts. -#}
{% macro models_in_folder(folder) -%}
    {%- set found = [] -%}
    {%- for node in project_nodes('nodes')
        if node.resource_type == 'model' and node.fqn[1] == folder -%}
        {%- do found.append(node) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The project's public metrics: dbt makes private ones itself where a metric needs a measure. -#}
{% macro public_metrics() -%}
    {%- set found = [] -%}
    {%- for metric in project_nodes('metrics') if not metric.type_params.get('is_private') -%}
        {%- do found.append(metric) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- The file that describes a model: its yml, or the model itself where it has none. -#}
{% macro describing_file(model) -%}
    {{ return((model.patch_path or model.original_file_path).split('://')[-1]) }}
{%- endmacro %}
