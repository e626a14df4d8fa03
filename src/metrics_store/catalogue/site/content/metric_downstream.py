"""What is downstream of a metric: metrics, saved queries, consumers, policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from metrics_store.catalogue.site.content.dbt_relations import Exposure, Relation, Relations
    from metrics_store.catalogue.site.content.site_subject import Subject
    from metrics_store.query.definitions.definition_entries import SavedQueryDefinition


@dataclass(frozen=True)
class Consumers:
    """What reads a saved query, or several.

    Attributes:
        exports: The models that they are written to.
        reports: The models over those.
        exposures: What people use that depends on any of it.
    """

    exports: tuple[Relation, ...]
    reports: tuple[Relation, ...]
    exposures: tuple[Exposure, ...]


@dataclass(frozen=True)
class Downstream:
    """Who uses a metric.

    Attributes:
        metrics: Metrics that are made of it.
        saved_queries: Saved queries that ask for it.
        consumers: What reads those.
        policies: Policies that show it.
    """

    metrics: tuple[str, ...]
    saved_queries: tuple[str, ...]
    consumers: Consumers
    policies: tuple[str, ...]


def consumers(
    relations: Relations, saved: Iterable[SavedQueryDefinition], needed: Iterable[str] = ()
) -> Consumers:
    """Find what reads saved queries.

    Args:
        relations: What dbt built.
        saved: The saved queries.
        needed: Unique ids of what exposures may depend on besides.
    """
    queries = list(saved)
    models = [relations.named(export.name) for query in queries for export in query.exports]
    exports = {model.unique_id: model for model in models if model is not None}
    reports = sorted(relations.downstream_of(exports) - set(exports))
    wanted = {
        *needed,
        *exports,
        *reports,
        *(relations.saved_query_ids[one.name] for one in queries),
    }
    return Consumers(
        tuple(exports[one] for one in sorted(exports)),
        tuple(relations.by_id[one] for one in reports),
        tuple(one for one in relations.exposures if one.needs & wanted),
    )


def downstream(subject: Subject, metric: str) -> Downstream:
    """Find who uses a metric."""
    saved = [one for one in subject.saved_queries if metric in one.metrics]
    policies = subject.policies if subject.shows_policies else None
    metrics_by_policy = policies.shown if policies else {}
    needed = (
        [subject.relations.metric_ids[metric]] if metric in subject.relations.metric_ids else []
    )
    return Downstream(
        tuple(sorted(subject.dependent_metrics.get(metric, ()))),
        tuple(one.name for one in saved),
        consumers(subject.relations, saved, needed),
        tuple(sorted(name for name, metrics in metrics_by_policy.items() if metric in metrics)),
    )
