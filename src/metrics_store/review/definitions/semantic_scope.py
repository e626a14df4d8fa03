"""The semantic models that definitions refer to, with the relations beneath."""

from __future__ import annotations

import functools
from collections import Counter
from typing import TYPE_CHECKING, Any

from metrics_store.review.definitions.definition import fingerprint
from metrics_store.review.definitions.metric_inputs import component_measures
from metrics_store.review.relations import Relation, expression_fingerprint, source_relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# The types of entity that a semantic model is joined by.
_KEYS = ("primary", "unique", "natural")


class SemanticScope:
    """A semantic manifest with the relations that it reads.

    Args:
        semantic_manifest: dbt's `semantic_manifest.json`.
        relations: What the SQL of each model means, by unique id.
        identities: The model of each relation, by the relation's name.
        dialect: The dialect of the expressions.
    """

    def __init__(
        self,
        semantic_manifest: dict[str, Any],
        relations: Mapping[str, Relation],
        identities: Mapping[str, str],
        dialect: str,
    ) -> None:
        self.manifest = semantic_manifest
        self.dialect = dialect
        self.semantic_models: list[dict[str, Any]] = semantic_manifest["semantic_models"]
        self._relations = relations
        self._identities = identities

    @functools.cached_property
    def measures(self) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
        """Each measure with its semantic model, by the measure's name."""
        return {
            measure["name"]: (model, measure)
            for model in self.semantic_models
            for measure in model.get("measures") or ()
        }

    @functools.cached_property
    def metrics(self) -> dict[str, dict[str, Any]]:
        """Each metric by its name."""
        return {metric["name"]: metric for metric in self.manifest["metrics"]}

    def models_of(self, measures: Iterable[str]) -> list[str]:
        """Give the names of the semantic models that measures belong to."""
        found = (self.measures[name][0]["name"] for name in measures if name in self.measures)
        return list(dict.fromkeys(found))

    def component_models(self, metric: str) -> list[str]:
        """Give the names of the semantic models that a metric is made of."""
        return self.models_of(component_measures(metric, self.metrics))

    @functools.cached_property
    def _qualified_names(self) -> Counter[str]:
        return Counter(
            self._qualified_name(model, dimension["name"])
            for model in self.semantic_models
            for dimension in model.get("dimensions") or ()
        )

    def dimension_name(self, model: dict[str, Any], dimension: str) -> str:
        """Give a dimension's unique name: qualified, with the semantic model where two share it.

        Two semantic models of one entity may have dimensions of one name.
        """
        qualified_name = self._qualified_name(model, dimension)
        return (
            qualified_name
            if self._qualified_names[qualified_name] == 1
            else f"{qualified_name} of {model['name']}"
        )

    def _qualified_name(self, model: dict[str, Any], dimension: str) -> str:
        primary = self.primary_entity(model)
        return f"{primary}__{dimension}" if primary else dimension

    @functools.cached_property
    def spines(self) -> list[dict[str, Any]]:
        """The time spines."""
        return list(self.manifest["project_configuration"].get("time_spines") or ())

    def model_of(self, node_relation: dict[str, Any]) -> str:
        """Give the unique id of the model that a semantic model or a time spine reads."""
        name = str(node_relation["relation_name"]).lower()
        return self._identities.get(name, name)

    def relation(self, node_relation: dict[str, Any]) -> Relation:
        """Give what a semantic model or a time spine reads."""
        identity = self.model_of(node_relation)
        return self._relations.get(identity) or source_relation(identity)

    def expression(self, node_relation: dict[str, Any], expression: str) -> str:
        """Give the fingerprint of an expression over the columns of a relation."""
        return expression_fingerprint(expression, self.relation(node_relation), self.dialect)

    def primary_entity(self, model: dict[str, Any]) -> str:
        """Give the entity that qualifies a semantic model's dimensions; empty without one."""
        if model.get("primary_entity"):
            return str(model["primary_entity"])
        primary = (one["name"] for one in model["entities"] if one["type"] == "primary")
        return str(next(primary, ""))

    def keyed_by(self, entity: str) -> list[dict[str, Any]]:
        """Give the semantic models that are joined by an entity, or whose dimensions bear it."""
        return [
            model
            for model in self.semantic_models
            if self.primary_entity(model) == entity
            or any(one["name"] == entity and one["type"] in _KEYS for one in model["entities"])
        ]

    def entity_value(self, model: dict[str, Any], name: str) -> str:
        """Give the fingerprint of an entity of a semantic model; empty where it has none."""
        for entity in model["entities"]:
            if entity["name"] == name:
                expression = entity.get("expr") or entity["name"]
                return fingerprint(
                    entity["type"], self.expression(model["node_relation"], expression)
                )
        return ""

    def rows_value(self, model: dict[str, Any]) -> str:
        """Give the fingerprint of a semantic model's rows, and of the times at which each counts.

        Where rows count for a time, it decides which of them another model is joined to.
        """
        relation = model["node_relation"]
        times = [
            [
                self.expression(relation, dimension.get("expr") or dimension["name"]),
                parameters["validity_params"],
            ]
            for dimension in model.get("dimensions") or ()
            if (parameters := dimension.get("type_params") or {}).get("validity_params")
        ]
        rows = self.relation(relation).rows
        return fingerprint(rows, times) if times else rows

    def dimension_value(self, model: dict[str, Any], dimension: dict[str, Any]) -> str:
        """Give the fingerprint of a dimension: its values, and the rows that bear them."""
        relation = model["node_relation"]
        parameters = dimension.get("type_params") or {}
        return fingerprint(
            dimension["type"],
            self.expression(relation, dimension.get("expr") or dimension["name"]),
            self.rows_value(model),
            parameters.get("time_granularity"),
            parameters.get("validity_params"),
            bool(dimension.get("is_partition")),
        )
