{#- Stops a run early, with words, where a source has only some of its raw tables, or no source has any. A
    source with none at all is a CRM that this project does not use. -#}
{% macro require_raw_tables() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- set missing = {} -%}
        {%- set present = [] -%}
        {%- for source in graph.sources.values() -%}
            {%- if source.config.get('meta', {}).get('load', {}).get('optional', false) -%}
                {#- Nothing depends on it. -#}
            {%- elif relation_exists(source) or has_another(source) -%}
                {%- do present.append(source.source_name) -%}
            {%- else -%}
                {%- do missing.setdefault(source.source_name, []).append(
                    source.schema ~ '.' ~ source.identifier) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for name, tables in missing.items() if name in present or not present -%}
            {{ exceptions.raise_compiler_error(
                'raw tables are missing: ' ~ tables | sort | join(', ')
                ~ '. Load them first (metrics load ' ~ name ~ ' DIR, or metrics demo), or point the var '
                ~ name ~ '_schema at the schema where they are.') }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}

{#- Whether the table is there that the contract takes in the place of a source's. -#}
{% macro has_another(source) -%}
    {%- set instead = source.config.get('meta', {}).get('load', {}).get('instead') -%}
    {%- for other in graph.sources.values()
        if other.source_name == source.source_name and other.name == instead -%}
        {{ return(relation_exists(other)) }}
    {%- endfor -%}
    {{ return(false) }}
{%- endmacro %}

{#- Whether a source's relation is in the warehouse, in any spelling. -#}
{% macro relation_exists(node) -%}
    {{ return(landed_relation(node) is not none) }}
{%- endmacro %}
