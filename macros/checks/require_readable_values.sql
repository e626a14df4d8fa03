{#- Stops a run early, with words, where raw tables hold values that cannot be read as what staging reads
    them as, such as an amount `12,000 EUR`. Tables that `metrics load` wrote hold none: their types
    say so, and are not looked into, but for texts of several kinds such as a deal change's value. -#}
{% macro require_readable_values() -%}
    {%- if execute and flags.WHICH in ['build', 'run', 'test', 'snapshot'] -%}
        {%- set kinds, every_version, found = {}, [], [] -%}
        {%- for node in graph.nodes.values() if node.config.meta and node.config.meta.get('reads') -%}
            {%- set read = node.config.meta.reads -%}
            {%- set table = read.source ~ '.' ~ read.table -%}
            {%- do kinds.setdefault(table, {}).update(read.columns) -%}
            {%- do every_version.append(table) if read.every_version -%}
        {%- endfor -%}
        {%- for source in graph.sources.values() -%}
            {%- set table = source.source_name ~ '.' ~ source.name -%}
            {%- do found.extend(unreadable_values(source, kinds.get(table, {}), table in every_version)) -%}
        {%- endfor -%}
        {%- if found -%}
            {{ exceptions.raise_compiler_error(
                'raw tables hold values that cannot be read:\n  ' ~ found | join('\n  ')
                ~ '\nMend the values, or have the tool that lands the table write them so; nothing is '
                ~ 'read as empty. metrics load takes files and names each row.') }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- What of a raw table cannot be read, one text a column. -#}
{% macro unreadable_values(source, kinds, every_version) -%}
    {%- set relation = landed_relation(source) -%}
    {%- set raw = columns_by_folded_name(relation) if relation else {} -%}
    {%- set checks = readable_checks(source, kinds, raw) -%}
    {%- set words = [] -%}
    {%- if checks -%}
        {%- set counted = [] -%}
        {%- for check in checks -%}
            {%- do counted.append('count(case when ' ~ check.condition ~ ' then 1 end)') -%}
            {%- do counted.append('min(case when ' ~ check.condition ~ ' then ' ~ check.text ~ ' end)') -%}
        {%- endfor -%}
        {%- set current = '' if every_version else is_current_row(raw) -%}
        {%- set row = run_query(
            'select ' ~ counted | join(', ') ~ ' from ' ~ relation ~ (' where ' ~ current if current else '')
        )[0] -%}
        {%- for check in checks -%}
            {%- set count, example = row[2 * loop.index0], row[2 * loop.index0 + 1] | string -%}
            {%- if count -%}
                {%- do words.append(
                    relation.schema ~ '.' ~ relation.identifier ~ ', column ' ~ check.column ~ check.rows
                    ~ ': ' ~ count ~ (' values' if count > 1 else ' value') ~ ', such as '
                    ~ (example if example | length <= 60 else example[:60] ~ '...')
                    ~ '; expected ' ~ kind_in_words(check.kind)
                ) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for column, beside in split_columns(raw, kinds | map('replace', '_', '') | list) -%}
        {%- set row = run_query(
            'select count(' ~ raw_text(column) ~ '), min(' ~ raw_text(column) ~ ') from ' ~ relation)[0] -%}
        {%- if row[0] -%}
            {%- do words.append(
                relation.schema ~ '.' ~ relation.identifier ~ ', column ' ~ column.name ~ ': ' ~ row[0]
                ~ (' values' if row[0] > 1 else ' value') ~ ', such as ' ~ row[1] ~ ', which the connector set '
                ~ 'beside ' ~ beside ~ '; expected all values in ' ~ beside
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(words) }}
{%- endmacro %}

{#- What is to be looked for: columns that staging reads as a kind, and what the contract says of a text in some
    rows only (`fits`). -#}
{% macro readable_checks(source, kinds, raw) -%}
    {%- set checks = [] -%}
    {%- for name, kind in kinds.items() if first_column(raw, spellings(source.columns.get(name, {'name': name, 'config': {}}))) -%}
        {%- set column = first_column(raw, spellings(source.columns.get(name, {'name': name, 'config': {}}))) -%}
        {%- set condition = is_unreadable(column, kind) -%}
        {%- if condition -%}
            {%- do checks.append({'column': column.name, 'kind': kind, 'rows': '',
                'text': raw_text(column), 'condition': condition}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for declared in source.columns.values() if raw.get(declared.name | replace('_', '')) -%}
        {%- set column = raw[declared.name | replace('_', '')] -%}
        {%- for fit in declared.config.get('meta', {}).get('load', {}).get('fits', []) -%}
            {%- for key, value in fit.when.items() if raw.get(key | replace('_', '')) -%}
                {%- do checks.append({
                    'column': column.name, 'kind': fit.data_type, 'rows': ' of ' ~ value,
                    'text': raw_text(column),
                    'condition': raw_text(raw[key | replace('_', '')]) ~ ' = ' ~ text_literal(value)
                        ~ ' and ' ~ is_not_of_form(raw_text(column), fit.data_type)
                }) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(checks) }}
{%- endmacro %}
