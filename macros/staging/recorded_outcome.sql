{#- Whether a state was won or lost by its own forecast category and probability, for a stage that no record
    stands in any more, as after a renaming: Salesforce closes as Closed with 100 % or as Omitted with
    0 %. NULL where they do not say so together. -#}
{% macro recorded_outcome(forecast_category, probability) -%}
    {{ return(
        "case when lower(" ~ forecast_category ~ ") = 'closed' and coalesce(" ~ probability ~ ", 1) = 1"
        ~ " then 'won' when lower(" ~ forecast_category ~ ") = 'omitted' and " ~ probability ~ " = 0"
        ~ " then 'lost' end"
    ) }}
{%- endmacro %}
