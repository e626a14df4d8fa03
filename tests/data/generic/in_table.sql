{#- The pair of columns stands in another table: a name that fits its code. -#}
{% test in_table(model, columns, to) %}
    select {{ columns | join(', ') }}
    from {{ model }}
    except
    select {{ columns | join(', ') }}
    from {{ to }}
{% endtest %}
