"""The models that carry custom fields, as their `config.meta` says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError
from metrics_store.fields.field_places import VAR

if TYPE_CHECKING:
    from metrics_store.fields.field_places import FieldPlaces

Node = Mapping[str, Any]


@dataclass(frozen=True)
class CustomField:
    """One custom field in one model.

    Attributes:
        name: The column, and the dimension.
        type: text, number, amount, boolean or date.
        data_type: The column's type in the warehouse.
        label: What people call it.
        description: What it holds.
        number: Its place in the list of its entity, from 1.
    """

    name: str
    type: str
    data_type: str
    label: str
    description: str
    number: int


@dataclass(frozen=True)
class FieldModel:
    """A model that has an entity's custom fields as columns.

    Attributes:
        name: The model.
        entity: The entity that it has a row of.
        key: The column with the entity's key.
        fields: The fields, in their order.
        description: What a row of it is.
        time: The column by which amounts count; empty where none does.
        valid_from: The column from when on a row holds; empty where it always does.
        valid_to: The column until when it holds.
        metric_meta: `config.meta` of metrics of amounts.
    """

    name: str
    entity: str
    key: str
    fields: tuple[CustomField, ...]
    description: str
    time: str = ""
    valid_from: str = ""
    valid_to: str = ""
    metric_meta: Node = field(default_factory=dict)

    @property
    def semantic_model(self) -> str:
        """The name of the semantic model over it."""
        return self.name.removeprefix("dim_")

    @property
    def amounts(self) -> tuple[CustomField, ...]:
        """The fields that are measured and not grouped by."""
        return tuple(one for one in self.fields if one.type == "amount")


def _field(given: Node, suffix: str) -> CustomField:
    known = {key: given[key] for key in ("type", "data_type", "number")}
    label = given["label"] + suffix.replace("_", " ")
    description = given["description"] or f"{given['label']}, as the CRM has it."
    if suffix:
        description += " As it was at the time of the fact, at the end of its day."
    name = given["name"] + suffix
    return CustomField(name=name, label=label, description=description, **known)


def _model(node: Node, said: Node) -> FieldModel:
    suffix = said.get("suffix", "")
    return FieldModel(
        name=node["name"],
        entity=said["entity"],
        key=said["key"],
        fields=tuple(_field(given, suffix) for given in said["fields"]),
        description=said.get("description", ""),
        time=said.get("time", ""),
        valid_from=said.get("valid_from", ""),
        valid_to=said.get("valid_to", ""),
        metric_meta=said.get("metrics", {}),
    )


def field_models(manifest: Node, places: FieldPlaces) -> list[FieldModel]:
    """Give the models that carry fields.

    Raises:
        MetricsStoreError: A field has the name of a dimension or a metric that is there already.
    """
    found = [
        _model(node, said)
        for node in manifest["nodes"].values()
        if (said := node["config"].get("meta", {}).get(VAR)) and said.get("fields")
    ]
    found.sort(key=lambda model: model.name)
    own = {model.semantic_model for model in found}
    for model in found:
        taken = dict(_dimensions(manifest, model.entity, own)) | dict(_metrics(manifest, own))
        for one in model.fields:
            names = metric_names(one) if one.type == "amount" else (one.name,)
            for name in names:
                if name in taken:
                    raise MetricsStoreError(
                        f"the custom field {one.label} would be {name}, which is there already",
                        where=f"{places.where(model.entity, one.number)}; {taken[name]}",
                        remedy="give the field another `name`",
                    )
    return found


def metric_names(amount: CustomField) -> tuple[str, str]:
    """Give the names of the metrics of an amount: its sum and its average."""
    return f"total_{amount.name}", f"average_{amount.name}"


def _dimensions(manifest: Node, entity: str, own: set[str]) -> Iterator[tuple[str, str]]:
    """Give the dimensions that an entity has by hand, with their files."""
    for node in manifest["semantic_models"].values():
        kinds = {one["name"]: one["type"] for one in node["entities"]}
        if node["name"] not in own and kinds.get(entity, "foreign") != "foreign":
            for one in node["dimensions"]:
                yield one["name"], node["original_file_path"]


def _metrics(manifest: Node, own: set[str]) -> Iterator[tuple[str, str]]:
    written = {f"{name}.yml" for name in own}
    for node in manifest["metrics"].values():
        path = node["original_file_path"]
        if path.rpartition("/")[2].removeprefix("dim_") not in written:
            yield node["name"], path
