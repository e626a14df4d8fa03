"""A group of commands, each imported when it is used, which keeps `--help` quick."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LazyGroup(click.Group):
    """A group that imports a subcommand's module when the subcommand is used.

    Args:
        lazy_commands: Subcommand -> "module:attribute".
    """

    def __init__(self, *args: Any, lazy_commands: Mapping[str, str], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self._lazy_commands = lazy_commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the subcommands."""
        del ctx
        return sorted(self._lazy_commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one subcommand."""
        del ctx
        if cmd_name not in self._lazy_commands:
            return None
        module, attribute = self._lazy_commands[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command
