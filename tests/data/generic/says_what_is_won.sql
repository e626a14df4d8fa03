{#- A CRM that says nothing of wins has closed opportunities and no win rate: they are left out of every
    one. Land what says it, or know that it is so. -#}
{% test says_what_is_won(model, crm_source, told_by) %}
    select
        count(*) as closed_opportunities,
        'nothing says of any that it is won: they count as closed and lost, and in no win rate'
            as what_it_means,
        'land {{ told_by }}; nothing, where there is none, as in the demo data' as what_to_do
    from {{ model }}
    where
        crm_source = '{{ crm_source }}'
        and is_closed
        and not counts_in_win_rates
    having count(*) > 0
{% endtest %}
