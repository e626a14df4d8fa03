-- A report is there for somebody: an exposure says for whom, and whom to ask before it changes.

{%- set found = [] %}
{%- set exposed = [] %}
{%- for exposure in project_nodes('exposures') %}
    {%- do exposed.extend(exposure.depends_on.nodes) %}
{%- endfor %}
{%- for report in models_in_folder('reports') if report.unique_id not in exposed %}
    {%- do found.append({
        'what': 'the report ' ~ report.name ~ ' is in no exposure',
        'where': describing_file(report),
        'what_to_do': 'name who reads it in models/reports/exposures.yml'
    }) %}
{%- endfor %}

{{ violations(found) }}
