"""Reads the definitions of saved queries and their exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.definitions.definition import (
    Definition,
    Field,
    Kind,
    Rule,
    identity,
    set_field,
    text_field,
    value_field,
)
from metrics_store.review.definitions.descriptive_fields import descriptive_fields, meta_of
from metrics_store.review.definitions.filter_reader import (
    described_names,
    filter_templates,
    parse_group_by,
    plain_name,
    plain_order,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from metrics_store.review.definitions.metric_reader import MetricReader
    from metrics_store.review.definitions.semantic_scope import SemanticScope


def read_saved_queries(
    scope: SemanticScope, metrics: MetricReader, files: Mapping[str, str]
) -> Iterator[Definition]:
    """Define the saved queries.

    Args:
        scope: The semantic manifest.
        metrics: Reads filters, and the metrics that are asked.
        files: Saved query -> the file that defines it.
    """
    for saved in scope.manifest.get("saved_queries") or ():
        parameters = saved["query_params"]
        group_bys = [_plain_group_by(text) for text in parameters.get("group_by") or ()]
        fields = [
            *_parameter_fields(parameters, group_bys, metrics, _models(scope, parameters)),
            *_exports(saved),
            set_field("tags", list(saved.get("tags") or ()), Rule.WORDING),
            *descriptive_fields(saved),
        ]
        used = [identity(Kind.METRIC, name) for name in parameters["metrics"]]
        descriptions = [parse_group_by(text) for text in parameters.get("group_by") or ()]
        descriptions += described_names(filter_templates(parameters.get("where")))
        models = _models(scope, parameters)
        used += [one for name in descriptions for one in metrics.names.used(name, models)]
        yield Definition(
            Kind.SAVED_QUERY,
            saved["name"],
            {field.name: field for field in fields},
            uses=tuple(dict.fromkeys(used)),
            file=files.get(saved["name"], ""),
            meta=meta_of(saved),
            label=saved.get("label") or saved["name"],
        )


def _models(scope: SemanticScope, parameters: dict[str, Any]) -> list[str]:
    return list(
        dict.fromkeys(
            model for name in parameters["metrics"] for model in scope.component_models(name)
        )
    )


def _parameter_fields(
    parameters: dict[str, Any], group_bys: list[str], metrics: MetricReader, models: Sequence[str]
) -> Iterator[Field]:
    yield set_field("metrics", parameters["metrics"], Rule.OFFERS)
    # By more or less the rows are others.
    yield value_field("group_by", sorted(group_bys), ", ".join(group_bys))
    yield metrics.filter_field("where", parameters.get("where"), models)
    limit = parameters.get("limit")
    yield value_field("limit", limit)
    order = ", ".join(map(plain_order, parameters.get("order_by") or ()))
    # Of a limited answer the order says which rows are in it.
    yield text_field("order_by", order, Rule.WORDING if limit is None else Rule.VALUE)


def _exports(saved: dict[str, Any]) -> Iterator[Field]:
    # Where the environment puts it is no part of what is defined.
    exports = [
        f"{export['name']} ({export['config'].get('export_as')}"
        f"{_alias(export['name'], export['config'].get('alias'))})"
        for export in saved.get("exports") or ()
    ]
    yield set_field("exports", exports, Rule.OFFERS)


def _alias(name: str, alias: str | None) -> str:
    return f" {alias}" if alias and alias != name else ""


def _plain_group_by(text: str) -> str:
    return plain_name(text) if "(" in text else text
