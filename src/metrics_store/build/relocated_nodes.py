"""dbt's nodes in schemas of a build's own: only their place changes, not what they say."""

from __future__ import annotations

import itertools
import json
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dbt.contracts.graph.manifest import Manifest

SHARED_OPTIONS = ("--target", "--target-path", "--vars")
_SELECTING = ("--select", "--exclude", "--exclude-resource-type")
_RESOURCE_TYPES = ("model", "seed", "snapshot", "test")
# dbt makes these anew out of nothing; of all others it may want to see what is there.
_WITHOUT_STATE = ("table", "view", "seed", "test", "materialized_view")


def options_named(arguments: Sequence[str], names: Iterable[str]) -> list[str]:
    """Give those of the options that have one of the names, with their values."""
    pairs = itertools.pairwise(arguments)
    return [part for name, value in pairs if name in names for part in (name, value)]


def run_in_process(arguments: list[str], manifest: Manifest | None = None) -> Any:  # noqa: ANN401 - dbt's own
    """Run dbt here, and end the process where it does not succeed.

    Args:
        arguments: The command line after `dbt`.
        manifest: What was parsed already.

    Returns:
        What dbt gives for the command.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - dbt is slow to import
    from dbt_common.exceptions import DbtBaseException  # noqa: PLC0415

    done = dbtRunner(manifest=manifest).invoke(arguments)
    if done.success:
        return done.result
    # Of its own errors dbt has told already.
    if done.exception is not None and not isinstance(done.exception, DbtBaseException):
        sys.stderr.write(f"{done.exception}\n")
    sys.exit(2 if done.exception is not None else 1)


def selected_nodes(arguments: Sequence[str], manifest: Manifest) -> set[str]:
    """Give the ids of what dbt would build by its command line."""
    listing = ["--log-level", "none", "ls", *options_named(arguments, SHARED_OPTIONS)]
    listing += [*options_named(arguments, _SELECTING), "--output", "json"]
    listed = run_in_process([*listing, "--output-keys", "unique_id"], manifest)
    return {json.loads(line)["unique_id"] for line in listed}


def relation_nodes(manifest: Manifest) -> dict[str, Any]:
    """Give all that dbt makes in the database, by id."""
    return {
        name: node
        for name, node in manifest.nodes.items()
        # Of tests only those have a relation that keep what they find.
        if node.resource_type in _RESOURCE_TYPES
        and node.is_relational
        and node.config.materialized != "ephemeral"
    }


def has_state(node: Any, *, full_refresh: bool) -> bool:  # noqa: ANN401 - a node of dbt's
    """Whether dbt makes a node out of what it was before."""
    if node.config.materialized in _WITHOUT_STATE:
        return False
    own = node.config.get("full_refresh")
    return node.config.materialized == "snapshot" or not (full_refresh if own is None else own)
