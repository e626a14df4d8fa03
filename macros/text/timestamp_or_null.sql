{#- Text as a timestamp where it is written as one, else NULL: a value that another tool landed must
    not stop the build. -#}
{% macro timestamp_or_null(column) -%}
    case
        when
            {{ column }} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?$'
            then cast({{ column }} as timestamp)
    end
{%- endmacro %}
