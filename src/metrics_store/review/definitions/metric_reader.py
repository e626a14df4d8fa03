"""Reads the definitions of metrics, down to the rows they aggregate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.definitions.definition import (
    Definition,
    Field,
    Kind,
    Rule,
    fingerprint,
    identity,
    set_field,
    value_field,
)
from metrics_store.review.definitions.derived_expression import derived_expression
from metrics_store.review.definitions.descriptive_fields import descriptive_fields, meta_of
from metrics_store.review.definitions.filter_reader import (
    FilterReader,
    described_names,
    display_filters,
    filter_templates,
)
from metrics_store.review.definitions.measure_fields import measure_fields
from metrics_store.review.definitions.metric_inputs import input_measures, input_metrics
from metrics_store.review.definitions.name_meanings import NameMeanings
from metrics_store.review.definitions.time_spines import grain_values, spine_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from metrics_store.review.definitions.semantic_scope import SemanticScope

_CONVERSION_PARTS = ("base_measure", "conversion_measure", "base_metric", "conversion_metric")


class MetricReader:
    """Defines the metrics of a semantic manifest, each after its inputs.

    Args:
        scope: The semantic manifest.
        group_bys: Metric -> what it can be grouped by.
        files: Metric -> the file that defines it.
    """

    def __init__(
        self, scope: SemanticScope, group_bys: Mapping[str, Sequence[str]], files: Mapping[str, str]
    ) -> None:
        self._scope = scope
        self._group_bys = group_bys
        self._files = files
        self._read: dict[str, Definition] = {}
        self._reading: set[str] = set()
        self._grains = grain_values(scope)
        self.names = NameMeanings(scope, self.value)
        self._filters = FilterReader(self.names.value, scope.dialect)
        # The same filters by the names in them, whatever these stand for.
        self._own_filters = FilterReader(lambda description, _: repr(description), scope.dialect)

    def value(self, name: str) -> str:
        """Give the fingerprint of a metric; of an unknown one, one made of its name."""
        if name not in self._scope.metrics or name in self._reading:
            return fingerprint("no such metric", name)
        return self.definition(name).fingerprint

    def definition(self, name: str) -> Definition:
        """Define a metric."""
        if name not in self._read:
            self._reading.add(name)
            self._read[name] = self._define(self._scope.metrics[name])
            self._reading.discard(name)
        return self._read[name]

    def filter_field(self, name: str, where: dict[str, Any] | None, models: Sequence[str]) -> Field:
        """Give a filter as a field.

        Args:
            name: The field's path.
            where: The filter.
            models: The semantic models whose rows it chooses from.
        """
        templates = filter_templates(where)
        return value_field(
            name,
            self._filters.value(templates, models),
            display_filters(templates),
            own_value=["filter", self._own_filters.value(templates, ())],
        )

    def _define(self, metric: dict[str, Any]) -> Definition:
        name = metric["name"]
        fields = [
            value_field("type", metric["type"]),
            self._grain("time_granularity", metric.get("time_granularity")),
            self.filter_field("filter", metric.get("filter"), self._scope.component_models(name)),
            *self._parameters(metric),
            set_field("group_bys", list(self._group_bys.get(name, ())), Rule.OFFERS),
            set_field(
                "asked by name",
                [] if metric["type_params"].get("is_private") else ["yes"],
                Rule.OFFERS,
            ),
            *descriptive_fields(metric),
        ]
        return Definition(
            Kind.METRIC,
            name,
            {field.name: field for field in fields},
            uses=tuple(dict.fromkeys([*_metrics_used(metric), *self._used_by_filters(metric)])),
            models=self._models(metric),
            file=self._files.get(name, ""),
            meta=meta_of(metric),
            label=metric.get("label") or name,
        )

    def _parameters(self, metric: dict[str, Any]) -> Iterator[Field]:
        parameters = metric["type_params"]
        if parameters.get("measure"):
            yield from self._measure("measure", parameters["measure"])
        for part in ("numerator", "denominator"):
            if parameters.get(part):
                yield self._input(part, parameters[part])
        if metric["type"] == "derived":
            yield self._inputs(parameters.get("metrics") or [])
            yield value_field(
                "expression",
                derived_expression(parameters, self._input_value, self._scope.dialect),
                " ".join(str(parameters.get("expr") or "").split()),
                own_value=derived_expression(
                    parameters, self._input_own_value, self._scope.dialect
                ),
            )
        cumulative = parameters.get("cumulative_type_params")
        if metric["type"] == "cumulative":
            yield from self._cumulative(parameters, cumulative or {})
        if parameters.get("conversion_type_params"):
            yield from self._conversion(parameters["conversion_type_params"])

    def _measure(self, prefix: str, used: dict[str, Any]) -> Iterator[Field]:
        yield from measure_fields(self._scope, used["name"], prefix)
        models = self._scope.models_of([used["name"]])
        yield self.filter_field(f"{prefix}.filter", used.get("filter"), models)
        yield value_field(f"{prefix}.fill_nulls_with", used.get("fill_nulls_with"))
        every = bool(used.get("join_to_timespine"))
        days = spine_values(self._scope) if every else []
        yield value_field(
            f"{prefix}.join_to_timespine", [every, days], str(every).lower(), own_value=[every]
        )

    def _input_value(self, used: dict[str, Any]) -> str:
        window, to_grain = used.get("offset_window"), used.get("offset_to_grain")
        models = self._scope.component_models(used["name"])
        return fingerprint(
            self.value(used["name"]),
            self._filters.value(filter_templates(used.get("filter")), models),
            self._window_value(window),
            self._grains.get(str(to_grain), to_grain),
            spine_values(self._scope) if window or to_grain else [],
        )

    def _input_own_value(self, used: dict[str, Any]) -> str:
        return fingerprint(
            used["name"],
            self._own_filters.value(filter_templates(used.get("filter")), ()),
            used.get("offset_window"),
            used.get("offset_to_grain"),
        )

    def _input(self, name: str, used: dict[str, Any]) -> Field:
        own = self._input_own_value(used)
        return value_field(name, self._input_value(used), _input_display(used), own_value=own)

    def _inputs(self, inputs: list[dict[str, Any]]) -> Field:
        """Give the inputs of a derived metric; what they are called in it does not count."""
        return value_field(
            "inputs",
            sorted(map(self._input_value, inputs)),
            "; ".join(sorted(map(_input_display, inputs))),
            own_value=sorted(map(self._input_own_value, inputs)),
        )

    def _cumulative(
        self, parameters: dict[str, Any], cumulative: dict[str, Any]
    ) -> Iterator[Field]:
        window = cumulative.get("window") or parameters.get("window")
        yield self._window("window", window)
        to_date = cumulative.get("grain_to_date") or parameters.get("grain_to_date")
        yield self._grain("grain_to_date", to_date)
        yield value_field("period_agg", cumulative.get("period_agg") or "first")
        yield value_field("time_spine", spine_values(self._scope), "days", own_value=["days"])
        if cumulative.get("metric") and not parameters.get("measure"):
            yield self._input("metric", cumulative["metric"])

    def _conversion(self, conversion: dict[str, Any]) -> Iterator[Field]:
        for part in ("base_measure", "conversion_measure"):
            if conversion.get(part):
                yield from self._measure(part, conversion[part])
        for part in ("base_metric", "conversion_metric"):
            if conversion.get(part):
                yield self._input(part, conversion[part])
        yield value_field("calculation", conversion.get("calculation"))
        yield self._window("window", conversion.get("window"))
        parts = ("base_measure", "conversion_measure")
        used = [conversion[part]["name"] for part in parts if conversion.get(part)]
        sides = [self._scope.measures[name][0] for name in used if name in self._scope.measures]
        entity = conversion["entity"]
        keys = [self._scope.entity_value(model, entity) for model in sides]
        yield value_field("entity", keys, entity, own_value=["entity", entity])
        constant = conversion.get("constant_properties") or []
        values = [self.names.local_value(model, one) for one in constant for model in sides]
        yield value_field(
            "constant_properties", [constant, values], _constant(constant), own_value=[constant]
        )

    def _window_value(self, window: dict[str, Any] | None) -> object:
        """Give a window with what its grain means, where the project says that."""
        grain = str(window["granularity"]) if window else ""
        return [window, self._grains[grain]] if grain in self._grains else window

    def _window(self, name: str, window: dict[str, Any] | None) -> Field:
        return value_field(name, self._window_value(window), _window(window), own_value=[window])

    def _grain(self, name: str, grain: str | None) -> Field:
        grain = grain or ""
        return value_field(name, self._grains.get(grain, grain), grain, own_value=[grain])

    def _used_by_filters(self, metric: dict[str, Any]) -> list[str]:
        """Give the identities of what stands in the filters of a metric, and of its inputs."""
        parameters = metric["type_params"]
        conversion = parameters.get("conversion_type_params") or {}
        filtered = [
            metric,
            *(parameters.get(part) for part in ("measure", "numerator", "denominator")),
            *(parameters.get("metrics") or ()),
            (parameters.get("cumulative_type_params") or {}).get("metric"),
            *(conversion.get(part) for part in _CONVERSION_PARTS),
        ]
        templates = [
            text for one in filtered if one for text in filter_templates(one.get("filter"))
        ]
        models = self._scope.component_models(metric["name"])
        return [
            used
            for description in described_names(templates)
            for used in self.names.used(description, models)
        ]

    def _models(self, metric: dict[str, Any]) -> tuple[str, ...]:
        relations = (
            self._scope.measures[name][0]["node_relation"]
            for name in input_measures(metric)
            if name in self._scope.measures
        )
        return tuple(dict.fromkeys(map(self._scope.model_of, relations)))


def _metrics_used(metric: dict[str, Any]) -> list[str]:
    return [identity(Kind.METRIC, name) for name in input_metrics(metric)]


def _window(window: dict[str, Any] | None) -> str:
    return f"{window['count']} {window['granularity']}" if window else ""


def _input_display(used: dict[str, Any]) -> str:
    text = str(used["name"])
    if used.get("offset_window"):
        text += f" {_window(used['offset_window'])} before"
    if used.get("offset_to_grain"):
        text += f" at the start of the {used['offset_to_grain']}"
    templates = filter_templates(used.get("filter"))
    return f"{text} where {display_filters(templates)}" if templates else text


def _constant(properties: Sequence[dict[str, Any]]) -> str:
    return ", ".join(
        f"{one['base_property']} is {one['conversion_property']}" for one in properties
    )
