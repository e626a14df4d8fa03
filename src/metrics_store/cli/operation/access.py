"""`metrics access`: checks the policies, and shows what they grant to a principal."""

from __future__ import annotations

import click

from metrics_store.cli.target_option import target_option


@click.command()
@click.option("--as", "name", metavar="NAME", help="Show what this user may see.")
@click.option("--group", "groups", multiple=True, metavar="GROUP", help="A group of theirs.")
@click.option(
    "--attribute",
    "attributes",
    multiple=True,
    metavar="NAME=VALUE",
    help="An attribute of theirs, such as teams=EMEA; once for each value.",
)
@click.option("--local", is_flag=True, help="Show what the people at this machine may see.")
@target_option
def access(
    *,
    name: str | None,
    groups: tuple[str, ...],
    attributes: tuple[str, ...],
    local: bool,
    target: str | None,
) -> None:
    """Check access.yml against the metrics; with --as or --local, show what somebody may see."""
    from metrics_store.access.authorisation.grant_report import describe_grant, read_attributes
    from metrics_store.access.policies.local_principal import local_principal
    from metrics_store.access.policies.policies import Policies
    from metrics_store.access.policies.policy_file import POLICY_FILE
    from metrics_store.access.principal import Principal
    from metrics_store.project.location import find_project_directory
    from metrics_store.project.profile import load_target
    from metrics_store.query.metric_store import open_store

    if name is None and (groups or attributes):
        raise click.UsageError("--group and --attribute belong to the user of --as NAME")
    if name is not None and local:
        raise click.UsageError("give --as NAME or --local, not both")
    project = find_project_directory()
    planner = open_store(load_target(project, target)).planner
    policies = Policies.load(project, planner.manifest)
    if policies is None:
        click.echo(f"there is no {POLICY_FILE}: whoever is let in sees everything")
        return
    count = len(policies.names)
    kinds = "policy" if count == 1 else "policies"
    click.echo(f"{POLICY_FILE} fits the metrics: {count} {kinds}")
    if local:
        principal = local_principal(project)
    elif name is not None:
        principal = Principal(name, frozenset(groups), read_attributes(attributes))
    else:
        return
    click.echo("\n".join(["", *describe_grant(policies.grant_for(principal), planner)]))
