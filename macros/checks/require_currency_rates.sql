{#- Stops the build where opportunities are in a currency without a rate, and names it: an amount left
    out or taken as it stands would be a wrong number. -#}
{% macro require_currency_rates() -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- set missing = run_query(
            'select distinct opportunities.currency from '
            ~ ref('stg_salesforce__opportunities') ~ ' as opportunities left join '
            ~ ref('currency_rates') ~ ' as rates on opportunities.currency = rates.currency'
            ~ ' where opportunities.currency is not null and rates.currency is null order by 1') -%}
        {%- if missing | length > 0 -%}
            {{ exceptions.raise_compiler_error(
                'no rate for the currency ' ~ missing.columns[0].values() | join(', ')
                ~ ': add it to seeds/currency_rates.csv') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
