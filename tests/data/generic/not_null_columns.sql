{#- None of the columns is NULL in any row; the table is read once for all of them. -#}
{% test not_null_columns(model, columns) %}
    select
        concat_ws(
            ', '
            {%- for column in columns %},
            case when {{ column }} is null then '{{ column }}' end
            {%- endfor %}
        ) as null_columns,
        *
    from {{ model }}
    where
        {%- for column in columns %}
        {{ column }} is null {{- ' or' if not loop.last }}
        {%- endfor %}
{% endtest %}
