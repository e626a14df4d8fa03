{#- A whole number out of a var, or a clear error. -#}
{% macro whole_number_var(name, minimum, maximum) -%}
    {%- set given = var(name) | string | trim -%}
    {%- if not modules.re.match('^\d{1,6}$', given)
        or given | int < minimum or given | int > maximum -%}
        {{ exceptions.raise_compiler_error(
            'var ' ~ name ~ " is '" ~ given ~ "'; expected a whole number from "
            ~ minimum ~ ' to ' ~ maximum) }}
    {%- endif -%}
    {{ return(given | int) }}
{%- endmacro %}

{#- The first day that an incremental run rewrites in any case: backfill_period days or months whole
    calendar months, whichever reaches further back, both counted from the reference date. -#}
{% macro rewrite_window_start() -%}
    {%- set last_day = reference_day() -%}
    {%- set days = whole_number_var('backfill_period', 1, 36500) -%}
    {%- set months = whole_number_var('months', 0, 1200) -%}
    {%- set start = last_day - modules.datetime.timedelta(days=days - 1) -%}
    {%- if months > 0 -%}
        {%- set month_number = last_day.year * 12 + last_day.month - months -%}
        {%- set month_start = last_day.replace(
            year=month_number // 12, month=month_number % 12 + 1, day=1) -%}
        {%- set start = [start, month_start] | min -%}
    {%- endif -%}
    cast('{{ start }}' as timestamp)
{%- endmacro %}
