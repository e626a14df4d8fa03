-- Every column of a mart is described. The contract makes the described columns all that there are:
-- dbt refuses to build a mart with others.

{%- set found = [] %}
{%- for mart in models_in_folder('marts') %}
    {%- if not mart.config.contract.enforced %}
        {%- do found.append({
            'what': 'the mart ' ~ mart.name ~ ' has no enforced contract',
            'where': describing_file(mart),
            'what_to_do': 'add config: {contract: {enforced: true}} and every column with its data_type'
        }) %}
    {%- endif %}
    {%- if not (mart.description or '') | trim %}
        {%- do found.append({
            'what': 'the mart ' ~ mart.name ~ ' has no description',
            'where': describing_file(mart),
            'what_to_do': 'say what one row of it is'
        }) %}
    {%- endif %}
    {%- for column in mart.columns.values() if not (column.description or '') | trim %}
        {%- do found.append({
            'what': 'the column ' ~ column.name ~ ' of the mart ' ~ mart.name ~ ' has no description',
            'where': describing_file(mart),
            'what_to_do': 'say in its yml what it holds'
        }) %}
    {%- endfor %}
{%- endfor %}

{{ violations(found) }}
