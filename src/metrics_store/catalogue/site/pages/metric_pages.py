"""What the page of a metric says."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.catalogue.metric_formula import formula
from metrics_store.catalogue.site.content.dimension_paths import EntityDimensions, group_by_entity
from metrics_store.catalogue.site.content.metric_downstream import Downstream, downstream
from metrics_store.catalogue.site.pages.chart_answers import ChartAnswer, chart_answer
from metrics_store.catalogue.site.pages.current_values import CurrentValue, current_value
from metrics_store.catalogue.site.pages.explained_facts import Fact, explained, facts_of
from metrics_store.query.definitions.deprecation import Deprecation, read_deprecation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from metrics_store.catalogue.site.charts.lineage_picture import Picture
    from metrics_store.catalogue.site.charts.metric_chart import Chart
    from metrics_store.catalogue.site.content.dbt_relations import Relation
    from metrics_store.catalogue.site.content.metric_lineage import Lineage
    from metrics_store.catalogue.site.content.site_client import PageAnswer
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.catalogue.site.content.version_history import HistoryEntry
    from metrics_store.query.definitions.definition_entries import (
        EntityDefinition,
        MetricDefinition,
    )


@dataclass(frozen=True)
class MetricPage:
    """One metric.

    Attributes:
        metric: Its definition.
        subject: The heading of the file that defines it.
        file: That file, below the project.
        formula: How it is worked out; empty where that names what may not be seen.
        facts: What `config.meta` says, by its key.
        not_by: What it does not answer by -> why.
        deprecation: That it is deprecated.
        lineage: Draws what it is made of.
        relations: The models and sources that it is made of.
        downstream: Who uses it.
        entities: The entities that it can be grouped by.
        group_bys: The dimensions that it can be grouped by.
        words: What the values of facts mean here.
        asked: Asks for what the chart shows.
        valued: Gives the value that stands for it, by what its chart shows.
        history: Its versions, the newest first; none where nobody looked.
    """

    metric: MetricDefinition
    subject: str
    file: str
    formula: str
    facts: Mapping[str, str]
    not_by: Mapping[str, str]
    deprecation: Deprecation | None
    lineage: Lineage
    relations: tuple[Relation, ...]
    downstream: Downstream
    entities: tuple[EntityDefinition, ...]
    group_bys: tuple[EntityDimensions, ...]
    words: Mapping[str, Mapping[str, str]]
    asked: Callable[[], ChartAnswer]
    valued: Callable[[ChartAnswer], CurrentValue | None]
    history: Sequence[HistoryEntry] | None

    @functools.cached_property
    def picture(self) -> Picture:
        """What it is made of; the whole of it where there is little."""
        return self.lineage.picture(self.metric.name)

    @functools.cached_property
    def whole(self) -> Picture | None:
        """All that it is made of, where `picture` is folded."""
        name = self.metric.name
        return self.lineage.picture(name, whole=True) if self.lineage.is_folded(name) else None

    @functools.cached_property
    def shown(self) -> ChartAnswer:
        """What its chart shows."""
        return self.asked()

    @functools.cached_property
    def current(self) -> CurrentValue | None:
        """The value that stands for it; none where there is none."""
        return self.valued(self.shown)

    @property
    def question(self) -> str:
        """The command that asks for what the chart shows."""
        return self.shown.question

    @property
    def answer(self) -> PageAnswer:
        """What that gave."""
        return self.shown.answer

    @property
    def chart(self) -> Chart | None:
        """The chart; none where there is nothing to draw."""
        return self.shown.chart

    @property
    def explained(self) -> tuple[Fact, ...]:
        """What `config.meta` says, in words."""
        return explained(self.facts, self.words, self.chart.unit if self.chart else "")

    @property
    def title(self) -> str:
        """What people call it."""
        return self.metric.label or self.metric.name

    @property
    def is_building_block(self) -> bool:
        """Whether it is there only for other metrics."""
        return bool(self.metric.meta.get("building_block"))


def metric_page(subject: Subject, metric: MetricDefinition) -> MetricPage:
    """Collect the content of a metric's page."""
    is_visible = subject.visible.definition_of(metric.name, subject.sources)
    lineage = subject.lineage
    upstream = sorted(lineage.upstream_relations(metric.name))
    return MetricPage(
        metric=metric,
        subject=subject.subject_of(metric.name),
        file=subject.relations.metric_files.get(metric.name, ""),
        formula=formula(subject.manifest, subject.sources.metric(metric.name))
        if is_visible
        else "",
        facts=facts_of(metric.meta),
        not_by=metric.not_by,
        deprecation=read_deprecation(metric.meta),
        lineage=lineage,
        relations=tuple(subject.relations.by_id[one] for one in upstream),
        downstream=downstream(subject, metric.name),
        entities=tuple(subject.definitions.entities([metric.name])),
        group_bys=tuple(group_by_entity(subject.definitions.dimensions([metric.name]))),
        words=subject.settings.words,
        asked=functools.partial(chart_answer, subject, metric, with_sql=is_visible),
        valued=functools.partial(current_value, subject, metric),
        history=_history(subject, metric.name),
    )


def _history(subject: Subject, metric: str) -> list[HistoryEntry] | None:
    versions = subject.history.get(metric)
    return None if versions is None else [one.without(subject.hidden) for one in versions]
