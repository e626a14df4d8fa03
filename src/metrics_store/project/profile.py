"""The targets of the dbt profile, read without dbt."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.project.location import PROJECT_FILE
from metrics_store.project.profile_templates import render_template

# The same loader, many times as quick, where the library was built with it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Target:
    """One output of the profile.

    Attributes:
        project_directory: The dbt project it belongs to.
        name: The output's name, such as `duckdb` or `prod`.
        settings: The output's keys with every `env_var()` filled in.
    """

    project_directory: Path
    name: str
    settings: dict[str, Any]

    @property
    def adapter_type(self) -> str:
        """The dbt adapter: `duckdb`, `postgres`."""
        return str(self.settings["type"])

    @property
    def duckdb_path(self) -> Path:
        """The live DuckDB file, absolute (a relative path is taken from the project)."""
        return self.project_directory / str(self.settings["path"])


def _render(value: object) -> Any:  # noqa: ANN401 - YAML holds anything
    if isinstance(value, dict):
        return {key: _render(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_render(item) for item in value]
    if isinstance(value, str) and ("{{" in value or "{%" in value):
        return render_template(value)
    return value


def _profiles_file(project_directory: Path) -> Path:
    directories = [os.environ.get("DBT_PROFILES_DIR"), project_directory, Path.home() / ".dbt"]
    for directory in directories:
        if directory and (path := Path(directory) / "profiles.yml").is_file():
            return path
    raise MetricsStoreError(
        "there is no profiles.yml",
        where=str(project_directory),
        expected="profiles.yml beside dbt_project.yml, in DBT_PROFILES_DIR or in ~/.dbt",
    )


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe one
    except yaml.YAMLError as error:
        raise MetricsStoreError("the file is not valid YAML", where=f"{path}: {error}") from error
    if not isinstance(content, dict):
        raise MetricsStoreError("the file holds no YAML mapping", where=str(path))
    return content


def _read_profile(project_directory: Path) -> tuple[dict[str, Any], Path]:
    """Give the project's profile, as it is written, and the file that it stands in."""
    profile_name = _read_yaml(project_directory / PROJECT_FILE).get("profile")
    profiles_file = _profiles_file(project_directory)
    profile = _read_yaml(profiles_file).get(str(profile_name))
    if not isinstance(profile, dict) or not isinstance(profile.get("outputs"), dict):
        raise MetricsStoreError(
            f"the profile {profile_name} is not in the profiles file", where=str(profiles_file)
        )
    return profile, profiles_file


def _default_name(profile: dict[str, Any]) -> str:
    return str(_render(profile.get("target", "default")))


def is_default(target: Target) -> bool:
    """Tell whether a target is the one that dbt and `mf` take when none is named."""
    return _default_name(_read_profile(target.project_directory)[0]) == target.name


def load_target(project_directory: Path, name: str | None = None) -> Target:
    """Give a target of the project's profile; without a name, the profile's default.

    Raises:
        MetricsStoreError: No profile, no such target, or an environment variable it needs is unset.
    """
    profile, profiles_file = _read_profile(project_directory)
    chosen = name or _default_name(profile)
    outputs = profile["outputs"]
    if chosen not in outputs:
        raise MetricsStoreError(
            f"there is no target named {chosen}",
            where=str(profiles_file),
            expected="one of " + ", ".join(sorted(outputs)),
        )
    settings = _render(outputs[chosen])
    return Target(project_directory=project_directory, name=chosen, settings=settings)


def first_target_of_type(project_directory: Path, adapter_type: str) -> Target | None:
    """Give the first target of the project's profile that is of a type; none where there is none.

    The settings of the others are not looked at: what they need may not be set here.

    Raises:
        MetricsStoreError: No profile, or an environment variable that the target needs is unset.
    """
    profile, _ = _read_profile(project_directory)
    for name, settings in profile["outputs"].items():
        if isinstance(settings, dict) and settings.get("type") == adapter_type:
            return load_target(project_directory, str(name))
    return None
