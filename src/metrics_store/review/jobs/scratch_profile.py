"""The dbt profile that a revision is compiled with: the target without its live data."""

from __future__ import annotations

import copy
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from pathlib import Path

    from metrics_store.project.profile import Target

# Where what dbt makes is not decided.
_SECRET = re.compile("(?i)pass|token|secret|key|host|port|user|path|threads|sslmode|timeout")


def database_file(target: Target) -> str | None:
    """Give the name of the target's DuckDB file, which names its relations; none for others."""
    if target.adapter_type != "duckdb":
        return None
    path = str(target.settings.get("path", ":memory:"))
    if path.startswith(":"):
        return None
    name = PurePosixPath(path.removeprefix("md:").split("?")[0]).name
    return name or None


def write_profile(target: Target, profile: str, directory: Path, *, path: str | None) -> None:
    """Write a `profiles.yml` with the one target, readable for this user only.

    Args:
        target: The target as it stands.
        profile: The name that the project asks for.
        directory: Where to write it; it is made.
        path: The DuckDB file to use in place of the live one.
    """
    settings = copy.deepcopy(target.settings)
    if path is not None:
        settings["path"] = path
    settings.pop("attach", None)  # other live files
    if isinstance(settings.get("config_options"), dict):
        settings["config_options"].pop("access_mode", None)
    directory.mkdir(mode=0o700)
    written = directory / "profiles.yml"
    written.touch(mode=0o600)
    content = {profile: {"target": target.name, "outputs": {target.name: settings}}}
    written.write_text(yaml.safe_dump(content), encoding="utf-8")


def deciding_settings(target: Target) -> dict[str, Any]:
    """Give what compiled SQL can depend on of a target: no secrets, no addresses."""
    settings = {
        name: value for name, value in target.settings.items() if not _SECRET.search(str(name))
    }
    return {**settings, "name": target.name, "file": database_file(target)}
