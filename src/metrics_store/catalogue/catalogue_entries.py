"""The entries of the catalogue: one a metric, with an example."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.catalogue.metric_formula import formula
from metrics_store.errors import MetricsStoreError
from metrics_store.query.definitions.conversion_rule import with_conversion_rule
from metrics_store.query.metric_request import MetricRequest
from metrics_store.query.output.text_formats import as_table

if TYPE_CHECKING:
    from datetime import datetime

    from metrics_store.query.metric_store import MetricStore
    from metrics_store.query.planner import Planner

# The grain of an example where the metric names none: the first of these that is right for it.
GRAINS = ("quarter", "month", "fiscal_quarter", "year", "fiscal_year", "week", "day")
NEWEST = 3


@dataclass(frozen=True)
class Example:
    """A question on one metric, as a command and as what it answers."""

    command: str
    answer: str


@dataclass(frozen=True)
class CatalogueEntry:
    """One metric of the catalogue.

    Attributes:
        name: Its name in requests.
        label: What people call it.
        description: What it means, in words.
        formula: How it is worked out.
        meta: What `config.meta` says: owner, tier, version, unit and so on.
        file: Where it is defined, below the project.
        group_bys: What it can be grouped by.
        example: A question on it; none for a building block.
    """

    name: str
    label: str
    description: str
    formula: str
    meta: dict[str, Any]
    file: str
    group_bys: tuple[str, ...] = ()
    example: Example | None = None

    @property
    def is_building_block(self) -> bool:
        """Whether it is there only for other metrics."""
        return bool(self.meta.get("building_block"))


@dataclass(frozen=True)
class Catalogue:
    """All metrics by the files that define them, in the files' order of names."""

    entries: list[CatalogueEntry] = field(default_factory=list)

    def subjects(self) -> dict[str, list[CatalogueEntry]]:
        """Give the metrics that people ask for, by the file that defines them."""
        found: dict[str, list[CatalogueEntry]] = {}
        for entry in self.entries:
            if not entry.is_building_block:
                found.setdefault(entry.file, []).append(entry)
        return dict(sorted(found.items()))

    def building_blocks(self) -> list[CatalogueEntry]:
        """Give the metrics that are there for others."""
        return [entry for entry in self.entries if entry.is_building_block]


def example_question(
    metric: str, meta: dict[str, Any], end_time: datetime | None = None
) -> MetricRequest:
    """Give the question that shows a metric: its `config.meta.example`, or its newest periods.

    Args:
        metric: The metric.
        meta: Its `config.meta`.
        end_time: The last instant of the newest period; none for whatever is newest.

    Raises:
        MetricsStoreError: The example has options that there are none of.
    """
    given = meta.get("example")
    if given is None:
        grains = meta.get("grains") or ["month"]
        grain = next((one for one in GRAINS if one in grains), grains[0])
        time = f"metric_time__{grain}"
        return MetricRequest(
            [metric], [time], order_by=[f"-{time}"], limit=NEWEST, end_time=end_time
        )
    options = {"group_by", "order_by", "limit"}
    if not isinstance(given, dict) or set(given) - options:
        raise MetricsStoreError(
            "the example of a metric cannot be asked",
            where=f"{metric}, config.meta.example",
            expected="the options " + ", ".join(sorted(options)),
        )
    return MetricRequest(
        [metric],
        given.get("group_by", []),
        order_by=given.get("order_by", []),
        limit=given.get("limit"),
    )


def command(question: MetricRequest) -> str:
    """Write a question as the command that asks it."""
    arguments = ["metrics", "query"]
    if question.saved_query is not None:
        arguments += ["--saved-query", question.saved_query]
    if question.metrics:
        arguments += ["--metrics", ",".join(question.metrics)]
    if question.group_by:
        arguments += ["--group-by", ",".join(question.group_by)]
    if question.order_by:
        arguments += ["--order-by", ",".join(question.order_by)]
    if question.end_time is not None:
        arguments += ["--end-time", f"{question.end_time:%Y-%m-%d}"]
    if question.limit is not None:
        arguments += ["--limit", str(question.limit)]
    return shlex.join(arguments)


def _files(manifest: dict[str, Any]) -> dict[str, str]:
    return {metric["name"]: metric["original_file_path"] for metric in manifest["metrics"].values()}


def read_catalogue(
    planner: Planner,
    manifest: dict[str, Any],
    store: MetricStore,
    end_time: datetime | None = None,
) -> Catalogue:
    """Describe every metric, with the answer to its example.

    Args:
        planner: Plans on the definitions as they are now.
        manifest: dbt's manifest of the same definitions.
        store: The warehouse that the examples are asked of.
        end_time: Where examples of the newest periods end.

    Raises:
        MetricsStoreError: An example cannot be asked.
    """
    files = _files(manifest)
    entries = []
    for metric in sorted(planner.public_metrics, key=lambda metric: metric.name):
        meta = dict(metric.config.meta) if metric.config else {}
        building_block = bool(meta.get("building_block"))
        example = None
        if not building_block:
            question = example_question(metric.name, meta, end_time)
            example = Example(command(question), as_table(store.read(planner.plan(question))))
        entries.append(
            CatalogueEntry(
                name=metric.name,
                label=metric.label or metric.name,
                description=with_conversion_rule(metric),
                formula=formula(planner.manifest, metric),
                meta=meta,
                file=files[metric.name],
                group_bys=() if building_block else tuple(planner.listed_group_bys(metric.name)),
                example=example,
            )
        )
    return Catalogue(entries)
