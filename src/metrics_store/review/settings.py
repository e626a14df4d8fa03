"""What a project says of its reviews: `review.yml`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "review.yml"

# The `metrics` commands that make data; none of them reads or writes anything else.
DATA_COMMANDS = ("demo", "load")


class DataSettings(BaseModel):
    """What both sides of a review are built on.

    Attributes:
        steps: `metrics` commands that are run in order; `{directory}` is a scratch directory.
        vars: Variables of the dbt project, for compiling and for building.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    steps: tuple[str, ...] = Field(default=(), strict=False)
    vars: dict[str, Any] = {}

    @field_validator("steps")
    @classmethod
    def _of_our_commands(cls, steps: tuple[str, ...]) -> tuple[str, ...]:
        for step in steps:
            if shlex.split(step)[:1] not in [[command] for command in DATA_COMMANDS]:
                message = f"a step starts with {' or '.join(DATA_COMMANDS)}, not with: {step}"
                raise ValueError(message)
        return steps


class ReviewSettings(BaseModel):
    """The settings of reviews.

    Attributes:
        data: What both sides are built on.
        base: The branch that changes are made for; none for the one that git knows as such.
        changelog: The file that tells changes of metrics.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    data: DataSettings = DataSettings()
    base: str | None = None
    changelog: str = "CHANGELOG.md"


def read_settings(project_directory: Path) -> ReviewSettings:
    """Read a project's settings; without the file they are empty.

    Raises:
        MetricsStoreError: The file is no YAML, or says something that there is not.
    """
    path = project_directory / FILE
    if not path.is_file():
        return ReviewSettings()
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise MetricsStoreError(f"{FILE} is not YAML", where=f"{path}: {error}") from None
    try:
        return ReviewSettings.model_validate({} if content is None else content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise MetricsStoreError(
            "the settings of reviews cannot be understood",
            where=f"{path}{', ' + place if place else ''}: {first['msg']}",
            expected="data: with steps (a list of commands) and vars (a mapping), base: a branch, "
            "changelog: a file",
        ) from None
