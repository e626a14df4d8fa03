"""The options of a build, as arguments for dbt."""

from __future__ import annotations

import os
from dataclasses import dataclass

import yaml

from metrics_store.errors import MetricsStoreError


@dataclass(frozen=True)
class BuildOptions:
    """The choices of one build; but for the last two, each is dbt's own option of the same name.

    Attributes:
        full_refresh: Rebuild incremental models and reload seeds from scratch.
        select: dbt node selectors to build; empty for everything.
        exclude: dbt node selectors to leave out.
        variables: A YAML mapping of project variables; empty for none.
        threads: How many models dbt builds at once; `None` for the profile's number.
        quiet: Show dbt's output only when it fails.
        unit_tests: Run dbt's unit tests too; they test the SQL, not the data.
        all_tests: Have tests look at all rows, also where they may look at those of the run alone.
    """

    full_refresh: bool = False
    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    variables: str = ""
    threads: int | None = None
    quiet: bool = False
    unit_tests: bool = False
    all_tests: bool = False

    def __post_init__(self) -> None:
        """Check what dbt would only say much later.

        Raises:
            MetricsStoreError: `variables` is no YAML mapping.
        """
        if not self.variables:
            return
        try:
            parsed = yaml.safe_load(self.variables)
        except yaml.YAMLError as error:
            raise MetricsStoreError(
                "the variables are not valid YAML", where=f"--vars: {error}"
            ) from error
        if not isinstance(parsed, dict):
            raise MetricsStoreError(
                "the variables are not a YAML mapping",
                where="--vars",
                expected="names with values, such as --vars '{as_of: 2024-03-31}'",
            )

    def dbt_arguments(self) -> list[str]:
        """Give the options as dbt's command line takes them."""
        arguments = ["--full-refresh"] if self.full_refresh else []
        for selector in self.select:
            arguments += ["--select", selector]
        for selector in self.exclude:
            arguments += ["--exclude", selector]
        if self.variables:
            arguments += ["--vars", self.variables]
        if self.threads is not None:
            arguments += ["--threads", str(self.threads)]
        # Who says in dbt's own variable what to leave out is listened to.
        if not self.unit_tests and "DBT_EXCLUDE_RESOURCE_TYPES" not in os.environ:
            arguments += ["--exclude-resource-type", "unit_test"]
        return arguments
