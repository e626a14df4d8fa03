{#- Stops a run early, with words, where raw tables are not there yet. -#}
{% macro require_raw_tables() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- set missing = [] -%}
        {%- for source in graph.sources.values() -%}
            {%- set hints = source.config.get('meta', {}).get('load', {}) -%}
            {%- if not hints.get('optional', false)
                and adapter.get_relation(source.database, source.schema, source.identifier) is none -%}
                {%- do missing.append(source.schema ~ '.' ~ source.identifier) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if missing -%}
            {{ exceptions.raise_compiler_error(
                'raw tables are missing: ' ~ missing | sort | join(', ')
                ~ '. Load them first (metrics load pipedrive DIR, or make demo), or point the vars'
                ~ ' pipedrive_schema and salesforce_schema at the schemas where they are.') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
