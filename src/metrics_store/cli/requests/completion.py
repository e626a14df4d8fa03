"""`metrics completion`: completion in the shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "fish", "zsh")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes SHELL complete commands, options, metrics and dimensions.

    \b
    bash, in ~/.bashrc:                     eval "$(metrics completion bash)"
    zsh, in ~/.zshrc:                       eval "$(metrics completion zsh)"
    fish, in ~/.config/fish/config.fish:    metrics completion fish | source
    """  # noqa: D301 - click reads the sign
    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - the three that click has
    click.echo(found(context.find_root().command, {}, "metrics", "_METRICS_COMPLETE").source())
