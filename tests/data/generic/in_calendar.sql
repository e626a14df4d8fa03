{#- Days and times lie in the years 1900 to 2200, as `metrics load` takes them: a year such as 0202 is a slip
    of the hand. NULL is no value. -#}
{% test in_calendar(model, columns) %}
    select
        concat_ws(
            ', '
            {%- for column in columns %},
            case
                when {{ is_out_of_calendar(column) }}
                    then '{{ column }} ' || cast({{ column }} as {{ text_type() }})
            end
            {%- endfor %}
        ) as out_of_calendar,
        *
    from {{ model }}
    where
        {%- for column in columns %}
        {{ is_out_of_calendar(column) }} {{- ' or' if not loop.last }}
        {%- endfor %}
{% endtest %}
