{#- The CRM's own id out of ours: 006Hp000015Yh7k out of salesforce:006Hp000015Yh7k. -#}
{% macro crm_id(column) -%}
    split_part({{ column }}, ':', 2)
{%- endmacro %}

{#- The CRM's own id where it is a number, as Pipedrive's are: 881836 out of pipedrive:881836. NULL where
    it is none. -#}
{% macro crm_number(column) -%}
    case
        when regexp_replace({{ crm_id(column) }}, '^[0-9]{1,18}$', '') = ''
            then cast(nullif({{ crm_id(column) }}, '') as bigint)
    end
{%- endmacro %}
