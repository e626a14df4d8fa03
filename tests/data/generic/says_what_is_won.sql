{#- A CRM that says nothing of wins has closed opportunities and no win rate: they are left out of every
    one. Land what says it (Pipedrive's status), or know that it is so. -#}
{% test says_what_is_won(model, crm_source) %}
    select *
    from {{ model }}
    where
        crm_source = '{{ crm_source }}'
        and is_closed
        and not counts_in_win_rates
{% endtest %}
