{#- The custom fields that var custom_fields lists for an entity (opportunity, account, owner), checked: each
    with name, type, label, description, and the raw column of each CRM. One without a column in `crm` is
    left out where that is given, and so is one that the marts have by hand (built_in_field). -#}
{% macro custom_fields(entity, crm=none) -%}
    {%- set found = [] -%}
    {%- for field in listed_fields(entity) if field.name not in names_of_built_in_fields(entity) -%}
        {%- if crm is none or crm in field.columns -%}
            {%- do found.append(field) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#- What the marts have a column for, and only the CRM's column has to be named. -#}
{% macro names_of_built_in_fields(entity) -%}
    {{ return({'opportunity': ['lost_reason', 'push_reason']}.get(entity, [])) }}
{%- endmacro %}

{#- The raw column, in lower case, that the list names for one of these in a CRM; empty where it names none. -#}
{% macro built_in_field(entity, name, crm) -%}
    {%- for field in listed_fields(entity) if field.name == name and name in names_of_built_in_fields(entity) -%}
        {%- if field.type != 'text' or field['values'] -%}
            {{ wrong_field(entity ~ ', field ' ~ field.number, 'is ' ~ name ~ ', which is text as the CRM has it') }}
        {%- endif -%}
        {{ return(field.columns.get(crm, '') | lower) }}
    {%- endfor -%}
    {{ return('') }}
{%- endmacro %}

{% macro listed_fields(entity) -%}
    {%- set declared = var('custom_fields', {}) or {} -%}
    {%- if declared is not mapping -%}
        {{ wrong_field('', 'is no mapping; expected opportunity, account or owner, with a list of fields under it') }}
    {%- endif -%}
    {%- for name in declared if name not in ['opportunity', 'account', 'owner'] -%}
        {{ wrong_field('', 'has ' ~ name ~ '; expected opportunity, account or owner') }}
    {%- endfor -%}
    {%- set found, names = [], [] -%}
    {%- for given in declared.get(entity) or [] -%}
        {%- set field = checked_field(entity, loop.index, given) -%}
        {%- if field.name in names -%}
            {{ wrong_field(entity, 'has two fields named ' ~ field.name ~ '; give one of them another name') }}
        {%- endif -%}
        {%- do names.append(field.name) -%}
        {%- do found.append(field) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{% macro checked_field(entity, number, given) -%}
    {%- set place = entity ~ ', field ' ~ number -%}
    {%- if given is not mapping or not given.get('column') -%}
        {{ wrong_field(place, 'names no column; expected {column: Region__c, type: text, label: Region}') }}
    {%- endif -%}
    {%- for key in given if key not in ['column', 'name', 'type', 'label', 'description', 'values'] -%}
        {{ wrong_field(place, 'has ' ~ key ~ '; expected column, name, type, label, description and values') }}
    {%- endfor -%}
    {%- set type = given.get('type', 'text') -%}
    {%- if type not in ['text', 'number', 'amount', 'boolean', 'date'] -%}
        {{ wrong_field(place, 'has the type ' ~ type ~ '; expected text, number, amount, boolean or date') }}
    {%- endif -%}
    {%- set values = given.get('values') or {} -%}
    {%- if values is not mapping or (values and type != 'text') -%}
        {{ wrong_field(place, 'has values that are no labels of a text; expected {value: label}') }}
    {%- endif -%}
    {%- set column = given.column -%}
    {%- set crms = {'opportunity': ['salesforce', 'pipedrive']}.get(entity, ['salesforce']) -%}
    {%- set columns = {} -%}
    {%- if column is mapping -%}
        {%- do columns.update(column) -%}
    {%- else -%}
        {#- A column of Salesforce; the keys of Pipedrive's fields are forty hexadecimal digits. -#}
        {%- set is_key = modules.re.match('^[0-9a-f]{40}$', column | string) -%}
        {%- do columns.update({'pipedrive' if is_key else 'salesforce': column}) -%}
    {%- endif -%}
    {%- for crm, name in columns.items() -%}
        {%- if crm not in crms or not modules.re.match('^[A-Za-z0-9_]{1,63}$', name | string) -%}
            {{ wrong_field(place, 'has the column ' ~ name ~ ' of ' ~ crm ~ '; expected letters, digits and '
                ~ 'underscores, of ' ~ crms | join(' or ')) }}
        {%- endif -%}
    {%- endfor -%}
    {%- set base = given.get('name') or modules.re.sub('__[cC]$', '', columns.values() | list | first) -%}
    {%- set name = modules.re.sub('(?<=[a-z0-9])(?=[A-Z])', '_', base) | lower -%}
    {%- if not modules.re.match('^[a-z][a-z0-9_]{0,50}$', name) or '__' in name -%}
        {{ wrong_field(place, 'has the name ' ~ name ~ '; expected small letters, digits and single underscores') }}
    {%- endif -%}
    {{ return({
        'name': name, 'type': type, 'columns': columns, 'data_type': type_of_field(type), 'number': number, 'values': values,
        'label': given.get('label') or name | replace('_', ' ') | capitalize, 'description': given.get('description', '')
    }) }}
{%- endmacro %}

{% macro wrong_field(place, what) -%}
    {{ exceptions.raise_compiler_error(
        'var custom_fields' ~ (', ' ~ place if place else '') ~ ': ' ~ what ~ ' (metrics fields names the line)') }}
{%- endmacro %}

{#- The type of a field in the warehouse. -#}
{% macro type_of_field(type) -%}
    {{ return({
        'text': 'text', 'number': 'numeric(24, 6)', 'amount': 'numeric(24, 6)',
        'boolean': 'boolean', 'date': 'timestamp'
    }[type]) }}
{%- endmacro %}

{#- As which kind of raw value a field is read. -#}
{% macro field_kind(field) -%}
    {{ return({'number': 'numeric', 'amount': 'numeric'}.get(field.type, field.type)) }}
{%- endmacro %}

{#- A text with the labels that its field gives to values in the place of these. -#}
{% macro labelled(text, field) -%}
    {%- if not field['values'] -%} {{ return(text) }} {%- endif -%}
    case {{ text }}
        {%- for value, label in field['values'].items() %} when {{ text_literal(value) }} then {{ text_literal(label) }} {%- endfor %}
        else {{ text }} end
{%- endmacro %}

{#- A text out of a CRM's history as a field's type; NULL where it is none. -#}
{% macro field_value(text, field) -%}
    {%- if field.type == 'text' -%} {{ labelled(text, field) }}
    {%- elif field.type == 'boolean' -%}
        case when lower({{ text }}) in ({{ words_for(true) }}) then true
            when lower({{ text }}) in ({{ words_for(false) }}) then false end
    {%- elif field.type == 'date' -%}
        case when {{ text }} ~ '{{ text_form("date") }}' then cast(substring({{ text }}, 1, 10) as timestamp) end
    {%- else -%}
        case when {{ text }} ~ '{{ text_form("numeric") }}' then cast({{ text }} as numeric(24, 6)) end
    {%- endif -%}
{%- endmacro %}

{#- Stops where a model of custom fields is described for other fields than var custom_fields lists now. -#}
{% macro require_described_fields(described, fields, suffix='') -%}
    {%- if execute -%}
        {%- for field in fields if field.name ~ suffix not in described -%}
            {{ exceptions.raise_compiler_error(
                'var custom_fields lists ' ~ field.name ~ ', which no metric knows yet: run metrics fields') }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
