{#- A value lies within bounds, both included; NULL is no value. -#}
{% test in_range(model, column_name, minimum, maximum) %}
    select
        {{ column_name }} as out_of_range,
        *
    from {{ model }}
    where {{ column_name }} < {{ minimum }} or {{ column_name }} > {{ maximum }}
{% endtest %}
