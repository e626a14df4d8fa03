{#- Stops the build where records are in a currency without a rate, and names it: an amount left out or
    taken as it stands would be a wrong number. -#}
{% macro require_currency_rates(model_name) -%}
    {%- if execute and flags.WHICH in ['build', 'run'] -%}
        {%- set missing = run_query(
            'select distinct records.currency from ' ~ ref(model_name) ~ ' as records left join '
            ~ ref('currency_rates') ~ ' as rates on records.currency = rates.currency'
            ~ ' where records.currency is not null and rates.currency is null order by 1') -%}
        {%- if missing | length > 0 -%}
            {{ exceptions.raise_compiler_error(
                'no rate for the currency ' ~ missing.columns[0].values() | join(', ') ~ ' in '
                ~ ref(model_name).render() ~ ': add it to seeds/currency_rates.csv, or mend it in the CRM '
                ~ 'where it is no ISO code in capital letters, such as USD') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
