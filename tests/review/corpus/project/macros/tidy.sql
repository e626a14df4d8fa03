{# The name by which people are sorted. #}
{% macro tidy(name) %}
    {# Case and blanks tell nobody apart. #}
    lower(trim({{ name }}))
{% endmacro %}
