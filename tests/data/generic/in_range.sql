{#- A value lies within bounds, both included; NULL is no value. -#}
{% test in_range(model, column_name, minimum, maximum) %}
    select *
    from {{ model }}
    where {{ column_name }} < {{ minimum }} or {{ column_name }} > {{ maximum }}
{% endtest %}
