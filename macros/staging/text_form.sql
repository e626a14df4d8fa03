{#- The forms in which a text is read as a kind, as regular expressions that both engines know. They take
    what `metrics load` takes, only days of the calendar, and nothing that an engine would guess
    (tomorrow, 5/1/2024, 12,000). -#}
{% macro text_form(kind) -%}
    {%- set month_and_day = '(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)'
        ~ '|02-(0[1-9]|1[0-9]|2[0-8])' -%}
    {%- set leap_years = '[0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00' -%}
    {%- set day = '((0[1-9]|[1-9][0-9])[0-9]{2}-(' ~ month_and_day ~ ')|(' ~ leap_years ~ ')-02-29)' -%}
    {%- set time = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6}0*)?)?' -%}
    {%- set moment = '^' ~ day ~ '([ T]' ~ time ~ '(' ~ offset_form() ~ ')?)?$' -%}
    {{ return({
        'date': moment,
        'timestamp': moment,
        'numeric': '^[+-]?([0-9]{1,40}([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,2})?$',
        'bigint': '^[+-]?[0-9]{1,18}([.]0*)?$'
    }[kind]) }}
{%- endmacro %}

{#- What stands behind a time and says how far it is from UTC, also as Salesforce writes it (+0000). -#}
{% macro offset_form() -%}
    {{ return(' ?([zZ]|UTC|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)') }}
{%- endmacro %}

{#- What people are told of a kind whose values cannot be read. -#}
{% macro kind_in_words(kind) -%}
    {{ return({
        'boolean': 'true or false (also 1 or 0, yes or no)',
        'date': 'a day such as 2024-07-24',
        'timestamp': 'a time such as 2024-07-24 06:47:10, of UTC or with its offset',
        'numeric': 'a number such as 1234.5 with at most 17 digits before the point',
        'bigint': 'a whole number of at most 18 digits',
        'json list': 'a list in JSON, such as [{"id": 1, "label": "Price"}]'
    }[kind]) }}
{%- endmacro %}
