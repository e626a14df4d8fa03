{#- A Salesforce id in its form of eighteen characters. Reports and formulas give fifteen, whose case
    counts; exports and the API give three more, each of which says which of five characters are upper
    case. Anything else, such as an id of eighteen, is as it is. -#}
{% macro salesforce_id(id) -%}
    case
        when {{ matches(id, "'^[0-9A-Za-z]{15}$'") }}
            then
                {{ id }}
                || {{ salesforce_check_sign(id, 1) }}
                || {{ salesforce_check_sign(id, 6) }}
                || {{ salesforce_check_sign(id, 11) }}
        else {{ id }}
    end
{%- endmacro %}

{#- The sign that says which of five characters are upper case, the first one being the lowest bit of its
    place in A to Z and 0 to 5. -#}
{% macro salesforce_check_sign(id, first) -%}
    substr(
        'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345',
        1
        {%- for bit in [1, 2, 4, 8, 16] %}
        + case when ascii(substr({{ id }}, {{ first + loop.index0 }}, 1)) between 65 and 90 then {{ bit }} else 0 end
        {%- endfor %},
        1
    )
{%- endmacro %}
