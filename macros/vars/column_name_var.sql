{#- The name of a column out of a var, in lower case, or a clear error; empty where the var is. -#}
{% macro column_name_var(name) -%}
    {%- set given = (var(name) or '') | string | trim -%}
    {%- if given and not modules.re.match('^[A-Za-z_][A-Za-z0-9_]{0,62}\Z', given) -%}
        {{ exceptions.raise_compiler_error(
            'var ' ~ name ~ " is '" ~ given ~ "'; expected the name of a column: at most 63 letters, "
            ~ 'digits and underscores, no digit first') }}
    {%- endif -%}
    {{ return(given | lower) }}
{%- endmacro %}
