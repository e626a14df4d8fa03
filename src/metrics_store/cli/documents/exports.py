"""`metrics exports`: exports and roll-ups of saved queries become dbt models."""

from __future__ import annotations

import click

from metrics_store.cli.target_option import target_option


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail where a model is stale.")
@target_option
def exports(*, check: bool, target: str | None) -> None:
    """Write the dbt models of the exports and roll-ups that saved queries declare.

    Open-source dbt does nothing with `exports`. Here MetricFlow renders each saved query, and
    the SQL becomes a model that `dbt build` builds like any other. A saved query with `rollup` in
    its `config.meta` becomes a table that questions are answered from (docs/rollups.md).

    To write the definitions in the formats of other tools: `metrics export`.
    """
    from metrics_store.errors import MetricsStoreError
    from metrics_store.exports.export_files import ExportFiles
    from metrics_store.exports.generated_models import generated_models
    from metrics_store.project.artifacts import parse_project
    from metrics_store.project.location import find_project_directory, model_directory
    from metrics_store.project.profile import load_target

    project = find_project_directory()
    chosen = load_target(project, target)
    click.echo("reading the project ...", err=True)
    # dbt-duckdb's own where the profile says none.
    schema = chosen.settings.get("schema", "main" if chosen.adapter_type == "duckdb" else "")
    declared = generated_models(parse_project(chosen), default_schema=str(schema))
    models = model_directory(project)
    generated = [
        ExportFiles(models / "exports", declared.exports),
        ExportFiles(models / "rollups", declared.rollups),
    ]
    summary = f"{declared.export_count} exports"
    if declared.rollup_count:
        summary += f" and {declared.rollup_count} roll-ups"
    if check:
        stale = [path for files in generated for path in files.stale()]
        if stale:
            raise MetricsStoreError(
                "exports do not say what the metrics say now",
                where=", ".join(str(path.relative_to(project)) for path in stale),
                remedy="run `metrics exports` and commit what it writes",
            )
        click.echo(f"{summary} are up to date")
        return
    for files in generated:
        for path in files.write():
            click.echo(f"{'wrote' if path.exists() else 'removed'} {path.relative_to(project)}")
    click.echo(summary)
