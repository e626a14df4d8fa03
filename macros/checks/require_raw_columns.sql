{#- Stops a run early, with words, where a raw table lacks a column that its contract does not call optional:
    `metrics load` refuses files without it as well. Warns of an optional one where the contract says what
    is empty without it: staging reads it as NULL. -#}
{% macro require_raw_columns() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'test'] -%}
        {%- set missing = [] -%}
        {%- for source in graph.sources.values() -%}
            {%- set relation = landed_relation(source) -%}
            {%- set present = columns_by_folded_name(relation) if relation else none -%}
            {%- for column in source.columns.values()
                if present is not none and not first_column(present, spellings(column)) -%}
                {%- set load = column.config.get('meta', {}).get('load', {}) -%}
                {%- set words = relation.schema ~ '.' ~ relation.identifier ~ ' has no column ' ~ column.name -%}
                {%- if not load.get('optional', false) -%}
                    {%- do missing.append(words) -%}
                {%- elif load.get('without') -%}
                    {%- do exceptions.warn(words ~ ': ' ~ load.without) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- if missing -%}
            {{ exceptions.raise_compiler_error(
                missing | join('; ') ~ '. Have the tool that lands the table bring the column, in '
                ~ 'snake_case or as the CRM spells it, or load files with metrics load; '
                ~ 'metrics sources check says what else is there and what is not.') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- The names by which a column of the contract may be known, its own first. -#}
{% macro spellings(column) -%}
    {{ return([column.name] + (column.config.get('meta', {}).get('load', {}).get('also') or [])) }}
{%- endmacro %}
