"""Saved queries: what each asks, and where it is exported to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.definitions.definition import (
    Definition,
    Field,
    Kind,
    Rule,
    identity,
    listed,
    valued,
    worded,
)
from metrics_store.review.definitions.descriptive_fields import meta_of, wording
from metrics_store.review.definitions.filter_reader import (
    described,
    named,
    ordering,
    plain,
    templates_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from metrics_store.review.definitions.metric_reader import MetricReader
    from metrics_store.review.definitions.semantic_scope import Scope


def read_saved_queries(
    scope: Scope, metrics: MetricReader, files: Mapping[str, str]
) -> Iterator[Definition]:
    """Define the saved queries.

    Args:
        scope: The semantic manifest.
        metrics: Reads filters, and the metrics that are asked.
        files: Saved query -> the file that defines it.
    """
    for saved in scope.manifest.get("saved_queries") or ():
        asked = saved["query_params"]
        group_bys = [_name(text) for text in asked.get("group_by") or ()]
        fields = [
            *_asked(asked, group_bys, metrics, _models(scope, asked)),
            *_exports(saved),
            listed("tags", list(saved.get("tags") or ()), Rule.WORDING),
            *wording(saved),
        ]
        used = [identity(Kind.METRIC, name) for name in asked["metrics"]]
        said = [described(text) for text in asked.get("group_by") or ()]
        said += named(templates_of(asked.get("where")))
        models = _models(scope, asked)
        used += [one for name in said for one in metrics.names.used(name, models)]
        yield Definition(
            Kind.SAVED_QUERY,
            saved["name"],
            {field.name: field for field in fields},
            uses=tuple(dict.fromkeys(used)),
            file=files.get(saved["name"], ""),
            meta=meta_of(saved),
            label=saved.get("label") or saved["name"],
        )


def _models(scope: Scope, asked: dict[str, Any]) -> list[str]:
    return list(
        dict.fromkeys(model for name in asked["metrics"] for model in scope.models_beneath(name))
    )


def _asked(
    asked: dict[str, Any], group_bys: list[str], metrics: MetricReader, models: Sequence[str]
) -> Iterator[Field]:
    yield listed("metrics", asked["metrics"], Rule.OFFERS)
    # By more or less the rows are others.
    yield valued("group_by", sorted(group_bys), ", ".join(group_bys))
    yield metrics.filter_field("where", asked.get("where"), models)
    limit = asked.get("limit")
    yield valued("limit", limit)
    order = ", ".join(map(ordering, asked.get("order_by") or ()))
    # Of a limited answer the order says which rows are in it.
    yield worded("order_by", order, Rule.WORDING if limit is None else Rule.VALUE)


def _exports(saved: dict[str, Any]) -> Iterator[Field]:
    # Where the environment puts it is no part of what is defined.
    exports = [
        f"{export['name']} ({export['config'].get('export_as')}"
        f"{_alias(export['name'], export['config'].get('alias'))})"
        for export in saved.get("exports") or ()
    ]
    yield listed("exports", exports, Rule.OFFERS)


def _alias(name: str, alias: str | None) -> str:
    return f" {alias}" if alias and alias != name else ""


def _name(text: str) -> str:
    return plain(text) if "(" in text else text
