{#- A decimal number out of a var, as SQL takes it, or a clear error. -#}
{% macro decimal_var(name, minimum, maximum) -%}
    {%- set given = var(name) | string | trim -%}
    {%- if not modules.re.match('^\d{1,6}(\.\d{1,9})?$', given)
        or given | float < minimum or given | float > maximum -%}
        {{ exceptions.raise_compiler_error(
            'var ' ~ name ~ " is '" ~ given ~ "'; expected a number from "
            ~ minimum ~ ' to ' ~ maximum) }}
    {%- endif -%}
    {{ return(given) }}
{%- endmacro %}
