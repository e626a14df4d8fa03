"""Reads a semantic manifest into the model that renderers share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.interchange.layer.manifest_metrics import ManifestMetrics
from metrics_store.interchange.layer.semantic_layer import CustomGrain, SemanticLayer
from metrics_store.interchange.layer.semantic_model import (
    PRIMARY,
    Dimension,
    Entity,
    Relation,
    SemanticModel,
)

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.node_relation import PydanticNodeRelation
    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )
    from metricflow_semantic_interfaces.implementations.semantic_model import (
        PydanticSemanticModel,
    )


def read_layer(manifest: PydanticSemanticManifest, dialect: str) -> SemanticLayer:
    """Read a semantic manifest.

    Args:
        manifest: As `query.manifest_reader` gives it.
        dialect: The warehouse that its relations are of: `duckdb` or `postgres`.
    """
    models = {one.name: _model(one) for one in sorted(manifest.semantic_models, key=_name)}
    grains = tuple(_custom_grains(manifest))
    reader = ManifestMetrics(models, [one.name for one in grains])
    metrics = {one.name: reader.read(one) for one in sorted(manifest.metrics, key=_name)}
    return SemanticLayer(models, metrics, grains, dialect)


def described(definition: Any) -> dict[str, Any]:  # noqa: ANN401 - MetricFlow has no common type
    """Give what every definition has, of one of MetricFlow's."""
    return {
        "name": definition.name,
        "label": definition.label or "",
        "description": definition.description or "",
        "meta": dict(definition.config.meta) if definition.config else {},
    }


def _name(definition: Any) -> str:  # noqa: ANN401
    found: str = definition.name
    return found


def _model(model: PydanticSemanticModel) -> SemanticModel:
    entities = [
        Entity(**described(one), type=one.type.value, expr=one.expr or one.name)
        for one in model.entities
    ]
    keys = [one.name for one in entities if one.type == PRIMARY]
    return SemanticModel(
        **described(model),
        relation=_relation(model.node_relation),
        primary_entity=model.primary_entity or next(iter(keys), ""),
        default_time=(model.defaults.agg_time_dimension if model.defaults else None) or "",
        entities=tuple(entities),
        dimensions=tuple(map(_dimension, model.dimensions)),
    )


def _dimension(dimension: Any) -> Dimension:  # noqa: ANN401
    time = dimension.type_params
    validity = time.validity_params if time else None
    return Dimension(
        **described(dimension),
        type=dimension.type.value,
        expr=dimension.expr or dimension.name,
        grain=time.time_granularity.value if time else "",
        is_partition=dimension.is_partition,
        starts=validity is not None and validity.is_start,
        ends=validity is not None and validity.is_end,
    )


def _relation(relation: PydanticNodeRelation) -> Relation:
    return Relation(
        relation.relation_name, relation.database or "", relation.schema_name, relation.alias
    )


def _custom_grains(manifest: PydanticSemanticManifest) -> list[CustomGrain]:
    return [
        CustomGrain(
            name=grain.name,
            relation=_relation(spine.node_relation),
            base_column=spine.primary_column.name,
            base_grain=spine.primary_column.time_granularity.value,
            column=grain.column_name or grain.name,
        )
        for spine in manifest.project_configuration.time_spines
        for grain in spine.custom_granularities
    ]
