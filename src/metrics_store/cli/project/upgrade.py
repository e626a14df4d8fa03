"""`metrics upgrade`: bring a project up to the installed version's template."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from metrics_store.project_template.project_upgrade import Upgrade
    from metrics_store.project_template.upgrade_plan import FileChange

# What each outcome means for the reader, by its name.
_REMARKS = {
    "ADDED": "",
    "UPDATED": "",
    "REMOVED": "the template has it no longer",
    "MERGED": "with your changes",
    "CONFLICT": "yours stays; the template's change is in {name}.rej",
    "GENERATED": "yours stays; `{command}` writes it anew",
    "KEPT": "you changed it, and the template has it no longer",
    "LEFT_DELETED": "you deleted it, and the template changed it",
}


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@click.option("--check", is_flag=True, help="Likewise, and exit with 1 where something would.")
@click.option("--diff", is_flag=True, help="Also show the template's changes, line by line.")
def upgrade(*, dry_run: bool, check: bool, diff: bool) -> None:
    """Bring in what the installed version has changed in the project's template.

    Files that you did not touch become the new ones; what you changed is merged; what you added or
    deleted stays so. Where you and the template changed the same lines, yours stays, and the
    template's change is put beside it as FILE.rej, a patch to take over by hand.

    \b
    Exit codes: 0 all is well; 1 there are conflicts to settle (--check: something to upgrade).
    """  # noqa: D301 - click reads the sign
    from metrics_store.project.location import find_project_directory
    from metrics_store.project_template.project_upgrade import compare_with_template
    from metrics_store.project_template.upgrade_plan import Outcome

    found = compare_with_template(find_project_directory())
    _show(found, diff=diff)
    if not (dry_run or check):
        found.write()
        _show_next(found)
    if found.changes if check else found.of(Outcome.CONFLICT) and not dry_run:
        sys.exit(1)


def _show(found: Upgrade, *, diff: bool) -> None:
    from metrics_store.project_template.upgrade_plan import generating_command

    versions = f"{found.base.version} -> {found.template.version}"
    if not found.changes:
        click.echo(f"nothing to upgrade: all that the template has is here ({versions})")
        return
    click.echo(f"the template of metrics-store {versions}:")
    for change in found.changes:
        command = generating_command(change.after)
        remark = _REMARKS[change.outcome.name].format(name=change.name, command=command)
        line = f"  {change.outcome.value:<13} {change.name}"
        click.echo(f"{line}  ({remark})" if remark else line)
    if diff:
        click.echo()
        for change in found.changes:
            click.echo(_patch(change), nl=False)


def _patch(change: FileChange) -> str:
    from metrics_store.project_template.patch import write_patch

    patch = write_patch(change.name, change.before, change.after)
    return patch.encode(errors="surrogateescape").decode(errors="replace")


def _show_next(found: Upgrade) -> None:
    from metrics_store.project_template.upgrade_plan import Outcome

    if not found.changes:
        return
    click.echo("\nNext:")
    if found.of(Outcome.CONFLICT):
        click.echo("  settle each conflict: take over what its .rej says, then delete the .rej")
    click.echo("  metrics exports   # the exports' models, from the metrics as they are now")
    click.echo("  metrics diff      # what it means for the numbers (in a git repository)")
    click.echo("  metrics build")
