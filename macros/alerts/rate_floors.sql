{#- The var alert_rate_floors as pairs of metric and floor, or a clear error: the metrics must be ones
    that the saved query of the funnel's rates asks for. -#}
{% macro rate_floors() -%}
    {%- set given = var('alert_rate_floors') -%}
    {%- if given is not mapping -%}
        {{ exceptions.raise_compiler_error(
            'var alert_rate_floors is ' ~ given ~ '; expected a mapping of metrics to floors') }}
    {%- endif -%}
    {%- set known = [] -%}
    {%- for saved_query in project_nodes('saved_queries')
        if saved_query.name == 'sales_funnel_rates_monthly' -%}
        {%- do known.extend(saved_query.query_params.metrics) -%}
    {%- endfor -%}
    {%- set floors = [] -%}
    {%- for metric, floor in given.items() -%}
        {%- if execute and metric not in known -%}
            {{ exceptions.raise_compiler_error(
                'var alert_rate_floors names ' ~ metric ~ '; expected one of ' ~ known | join(', ')) }}
        {%- endif -%}
        {%- if not modules.re.match('^\d{1,6}(\.\d{1,9})?$', floor | string) -%}
            {{ exceptions.raise_compiler_error(
                'var alert_rate_floors has ' ~ floor ~ ' for ' ~ metric ~ '; expected a number') }}
        {%- endif -%}
        {%- do floors.append({'metric': metric, 'floor': floor}) -%}
    {%- endfor -%}
    {{ return(floors) }}
{%- endmacro %}
