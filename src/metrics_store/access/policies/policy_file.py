"""The schema of `access.yml`, and its parser."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from metrics_store.errors import MetricsStoreError
from metrics_store.query.resolution.unknown_names import unknown_name

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

POLICY_FILE = "access.yml"
CALLER = "caller."
_REMEDY = "see docs/access.md for the form of the file"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _listed(given: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Take decimals as they are written, and keep `caller.` out of lists of values."""
    for value in given if isinstance(given, list) else ():
        if isinstance(value, str) and value.startswith(CALLER):
            raise ValueError(f"{value} stands alone, not in a list: `in: {value}`")
    if isinstance(given, list):
        return [Decimal(str(value)) if isinstance(value, float) else value for value in given]
    return given


Names = Annotated[list[Annotated[StrictStr, Field(min_length=1)]], Field(min_length=1)]
Scalar = StrictBool | StrictInt | dt.datetime | dt.date | Decimal | StrictStr


class Callers(_Part):
    """Whom a policy is for: members of any of the groups, and the users."""

    groups: tuple[StrictStr, ...] = ()
    users: tuple[StrictStr, ...] = ()
    everybody: bool = Field(default=False, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _or_everybody(cls, given: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
        if given == "*":
            return {"everybody": True}
        if not isinstance(given, dict):
            raise ValueError('write `groups: [...]` and `users: [...]`, or "*" for everybody')  # noqa: TRY004
        if "everybody" in given:
            raise ValueError('write `to: "*"` for everybody')
        if not any(given.values()):
            raise ValueError("name at least one group or user")
        if any("*" in str(name) for names in given.values() for name in names or ()):
            raise ValueError('groups and users have no patterns; write `to: "*"` for everybody')
        return given


class RowRule(_Part):
    """Which rows a policy shows: those where a dimension has certain values."""

    dimension: StrictStr
    within: Annotated[StrictStr | list[Scalar] | None, BeforeValidator(_listed)] = Field(
        default=None, alias="in"
    )
    equals: Scalar | None = None

    @model_validator(mode="after")
    def _one_comparison(self) -> RowRule:
        if (self.within is None) == (self.equals is None):
            raise ValueError("give either `in` or `equals`")
        if self.within == []:
            raise ValueError("give at least one value")
        if isinstance(self.within, str) and not self.within.startswith(CALLER):
            raise ValueError(f"write a list, or an attribute such as {CALLER}teams")
        return self

    @property
    def attribute(self) -> str | None:
        """The attribute of the caller that is compared with; none where values are given."""
        given = self.within if self.within is not None else self.equals
        if isinstance(given, str) and given.startswith(CALLER):
            return given.removeprefix(CALLER)
        return None

    @property
    def given(self) -> tuple[Any, ...]:
        """The values that the file gives."""
        return tuple(self.within) if self.within is not None else (self.equals,)


class Policy(_Part):
    """What some callers may see."""

    name: Annotated[StrictStr, Field(min_length=1)]
    to: Callers
    metrics: Names
    except_metrics: Names | tuple[()] = ()
    dimensions: Names | tuple[()] = ()
    except_dimensions: Names | tuple[()] = ()
    rows: Annotated[list[RowRule], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _rows_are_not_left_empty(self) -> Policy:
        if self.rows is None and "rows" in self.model_fields_set:
            raise ValueError("`rows` is empty: leave it out to show all rows")
        return self


class Local(_Part):
    """Who the people at this machine are: the command line, and Python in the same process."""

    name: Annotated[StrictStr, Field(min_length=1)] = "local"
    groups: tuple[StrictStr, ...] = ()
    attributes: dict[StrictStr, StrictStr | tuple[StrictStr, ...]] = {}


class PolicyFile(_Part):
    """All of `access.yml`."""

    local: Local | None = None
    policies: tuple[Policy, ...] = ()


class _Loader(yaml.SafeLoader):
    """YAML in which a key that is written twice is an error: the first one would not count."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        keys: set[object] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in keys:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {getattr(key, 'value', '')} stands twice", key.start_mark
                )
            keys.add(key.value)
        return super().construct_mapping(node, deep=deep)


def read_policy_file(project_directory: Path) -> tuple[PolicyFile, str] | None:
    """Read the policies of a project, and the text they were written as; none where it has no file.

    Raises:
        MetricsStoreError: There is a file, and it cannot be read or has another form. Whoever asks
            for metrics then gets none: a mistake in the file must not open the store.
    """
    path = project_directory / POLICY_FILE
    mistaken = project_directory / "access.yaml"
    if not path.exists() and not path.is_symlink():
        if mistaken.exists():
            raise MetricsStoreError(
                "the policies have another name than they must have",
                where=mistaken.name,
                remedy=f"rename it to {POLICY_FILE}",
            )
        return None
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise MetricsStoreError(
            "the policies cannot be read", where=POLICY_FILE, detail=str(error)
        ) from None
    except yaml.YAMLError as error:
        where = " ".join(str(error).replace('"<unicode string>"', POLICY_FILE).split())
        raise MetricsStoreError("the policies are not YAML", where=where) from None
    try:
        return PolicyFile.model_validate({} if content is None else content), text
    except ValidationError as error:
        raise _explained(error.errors()[0]) from None


def _explained(error: ErrorDetails) -> MetricsStoreError:
    place = _place(error["loc"])
    key = str(error["loc"][-1]) if error["loc"] else ""
    if error["type"] == "extra_forbidden":
        known = {
            field.alias or name
            for part in (PolicyFile, Local, Policy, Callers, RowRule)
            for name, field in part.model_fields.items()
            if not field.exclude
        }
        found = unknown_name(f"a policy has no such key: {key}", key, known, _REMEDY)
        return MetricsStoreError(
            found.what, where=place, expected=found.expected, remedy=found.remedy
        )
    return MetricsStoreError(
        "the policies have another form",
        where=place,
        expected=error["msg"].removeprefix("Value error, "),
        remedy=_REMEDY,
    )


def _place(location: tuple[int | str, ...]) -> str:
    text = POLICY_FILE + ":"
    for part in location:
        # Pydantic also names the types that a value might have had.
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier() and part not in {"str", "bool", "int", "date", "datetime"}:
            text += f" {part}"
    return text
