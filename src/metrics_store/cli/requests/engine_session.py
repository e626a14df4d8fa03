"""A session of one command with the engine; Ctrl-C cancels its requests."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from metrics_store.access.principal import LOCAL
from metrics_store.engine.call import Call
from metrics_store.engine.engine import Engine
from metrics_store.engine.settings import EngineSettings
from metrics_store.project.location import find_project_directory
from metrics_store.project.profile import load_target
from metrics_store.query.plans.plan_cache import default_directory
from metrics_store.warehouse.statement import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from metrics_store.engine.snapshots.metric_list import ListedMetric
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.metric_request import MetricRequest

_INTERRUPTED = 130
# Whoever sits before it stops it by hand; what they wait for must only fit into memory.
_LIMITS = Limits(seconds=24 * 3600, rows=20_000_000, bytes=4 * 1024**3)


@dataclass(frozen=True)
class EngineSession:
    """Sends requests to an engine as the principal of this machine."""

    engine: Engine

    def answer(self, request: MetricRequest) -> pa.Table:
        """Answer a request; Ctrl-C cancels it in the warehouse as well.

        Raises:
            MetricsStoreError: The request is wrong, or cannot be answered.
        """
        call = Call("command line")
        with ThreadPoolExecutor(1) as work:
            answer = work.submit(self.engine.answer, request, LOCAL, call)
            try:
                table = answer.result().table
            except KeyboardInterrupt:
                call.cancel()
                click.echo("stopped", err=True)
                raise click.exceptions.Exit(_INTERRUPTED) from None
        _warn(call)
        return table

    def full_names(self, names: Sequence[str], metrics: Sequence[str]) -> list[str]:
        """Give the full names of dimensions that are named by their last part.

        Raises:
            MetricsStoreError: The metrics have several dimensions of such a name.
        """
        return self.engine.full_names(names, metrics, LOCAL) if names else []

    def metric_list(self) -> list[ListedMetric]:
        """List the metrics that are visible here.

        Raises:
            MetricsStoreError: Nothing is built, or nobody here may see anything.
        """
        return self.engine.metric_list(LOCAL)

    def definitions(self) -> Definitions:
        """Give the definitions that are visible here.

        Raises:
            MetricsStoreError: Nothing is built, or nobody here may see anything.
        """
        return self.engine.definitions(LOCAL)

    def compile(self, request: MetricRequest) -> str:
        """Give the SQL of a request, with its roll-ups and how it was made faster in comments.

        Raises:
            MetricsStoreError: The request is wrong.
        """
        call = Call("command line")
        sql = self.engine.compile(request, LOCAL, call)
        _warn(call)
        notes = [f"-- from the roll-up {name}" for name in call.rollups]
        notes += [f"-- no roll-up: {reason}" for reason in call.rollup_reasons]
        return "\n".join([*notes, sql, *(f"-- {one}" for one in call.rewrites)])


def _warn(call: Call) -> None:
    """Print the notices of an answer."""
    for warning in call.warnings:
        click.echo(f"warning: {warning}", err=True)


@contextmanager
def open_session(target: str | None, definitions: Path | None = None) -> Iterator[EngineSession]:
    """Open the engine of the project here, on a target, for the `with` block.

    Args:
        target: The target; none for the profile's own.
        definitions: A directory with dbt's manifests to use; none for those that were built.
    """
    settings = EngineSettings(
        limits=_LIMITS, plan_directory=default_directory(), definitions=definitions
    )
    engine = Engine(load_target(find_project_directory(), target), settings)
    try:
        yield EngineSession(engine)
    finally:
        engine.close()
