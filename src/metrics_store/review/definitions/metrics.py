"""Metrics: how each is worked out, down to the rows it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from metrics_store.review.definitions.definition import (
    Definition,
    Field,
    Kind,
    Rule,
    fingerprint,
    identity,
    listed,
    valued,
)
from metrics_store.review.definitions.derived import derived_expression
from metrics_store.review.definitions.filters import Filters, named, shown, templates_of
from metrics_store.review.definitions.measures import measure_fields
from metrics_store.review.definitions.meta import meta_of, wording
from metrics_store.review.definitions.names import Names, used_by
from metrics_store.review.definitions.spines import spine_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from metrics_store.review.definitions.scope import Scope


class MetricReader:
    """Defines the metrics of a semantic manifest, each after those that it is made of.

    Args:
        scope: The semantic manifest.
        group_bys: Metric -> what it can be grouped by.
        files: Metric -> the file that defines it.
    """

    def __init__(
        self, scope: Scope, group_bys: Mapping[str, Sequence[str]], files: Mapping[str, str]
    ) -> None:
        self._scope = scope
        self._group_bys = group_bys
        self._files = files
        self._read: dict[str, Definition] = {}
        self._reading: set[str] = set()
        self.filters = Filters(Names(scope, self.value).value, scope.dialect)
        # The same filters by the names in them, whatever these stand for.
        self._own_filters = Filters(repr, scope.dialect)

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

    def filter_field(self, name: str, where: dict[str, Any] | None) -> Field:
        """Give a filter as a field."""
        templates = templates_of(where)
        return valued(
            name,
            self.filters.value(templates),
            shown(templates),
            own=["filter", self._own_filters.value(templates)],
        )

    def _define(self, metric: dict[str, Any]) -> Definition:
        name = metric["name"]
        fields = [
            valued("type", metric["type"]),
            valued("time_granularity", metric.get("time_granularity") or ""),
            self.filter_field("filter", metric.get("filter")),
            *self._parameters(metric),
            listed("group_bys", list(self._group_bys.get(name, ())), Rule.OFFERS),
            listed(
                "asked by name",
                [] if metric["type_params"].get("is_private") else ["yes"],
                Rule.OFFERS,
            ),
            *wording(metric),
        ]
        return Definition(
            Kind.METRIC,
            name,
            {field.name: field for field in fields},
            uses=tuple(dict.fromkeys([*_metrics_used(metric), *_filters_used(metric)])),
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
            yield valued(
                "expression",
                derived_expression(parameters, self._input_value, self._scope.dialect),
                " ".join(str(parameters.get("expr") or "").split()),
                own=derived_expression(parameters, self._input_own, self._scope.dialect),
            )
        cumulative = parameters.get("cumulative_type_params")
        if metric["type"] == "cumulative":
            yield from self._cumulative(parameters, cumulative or {})
        if parameters.get("conversion_type_params"):
            yield from self._conversion(parameters["conversion_type_params"])

    def _measure(self, prefix: str, used: dict[str, Any]) -> Iterator[Field]:
        yield from measure_fields(self._scope, used["name"], prefix)
        yield self.filter_field(f"{prefix}.filter", used.get("filter"))
        yield valued(f"{prefix}.fill_nulls_with", used.get("fill_nulls_with"))
        every = bool(used.get("join_to_timespine"))
        days = spine_values(self._scope) if every else []
        yield valued(f"{prefix}.join_to_timespine", [every, days], str(every).lower(), own=[every])

    def _input_value(self, used: dict[str, Any]) -> str:
        shifted = used.get("offset_window") or used.get("offset_to_grain")
        return fingerprint(
            self.value(used["name"]),
            self.filters.value(templates_of(used.get("filter"))),
            used.get("offset_window"),
            used.get("offset_to_grain"),
            spine_values(self._scope) if shifted else [],
        )

    def _input_own(self, used: dict[str, Any]) -> str:
        return fingerprint(
            used["name"],
            self._own_filters.value(templates_of(used.get("filter"))),
            used.get("offset_window"),
            used.get("offset_to_grain"),
        )

    def _input(self, name: str, used: dict[str, Any]) -> Field:
        own = self._input_own(used)
        return valued(name, self._input_value(used), _input_shown(used), own=own)

    def _inputs(self, inputs: list[dict[str, Any]]) -> Field:
        """Give the inputs of a derived metric; what they are called in it does not count."""
        return valued(
            "inputs",
            sorted(map(self._input_value, inputs)),
            "; ".join(sorted(map(_input_shown, inputs))),
            own=sorted(map(self._input_own, inputs)),
        )

    def _cumulative(
        self, parameters: dict[str, Any], cumulative: dict[str, Any]
    ) -> Iterator[Field]:
        window = cumulative.get("window") or parameters.get("window")
        yield valued("window", window, _window(window))
        to_date = cumulative.get("grain_to_date") or parameters.get("grain_to_date")
        yield valued("grain_to_date", to_date)
        yield valued("period_agg", cumulative.get("period_agg") or "first")
        yield valued("time_spine", spine_values(self._scope), "days", own=["days"])
        if cumulative.get("metric") and not parameters.get("measure"):
            yield self._input("metric", cumulative["metric"])

    def _conversion(self, conversion: dict[str, Any]) -> Iterator[Field]:
        for part in ("base_measure", "conversion_measure"):
            if conversion.get(part):
                yield from self._measure(part, conversion[part])
        for part in ("base_metric", "conversion_metric"):
            if conversion.get(part):
                yield self._input(part, conversion[part])
        yield valued("calculation", conversion.get("calculation"))
        yield valued("window", conversion.get("window"), _window(conversion.get("window")))
        entity = conversion["entity"]
        keys = [
            (model["name"], self._scope.entity_value(model, entity))
            for model in self._scope.semantic_models
        ]
        values = sorted(value for _, value in keys if value)
        yield valued("entity", values, entity, own=["entity", entity])
        constant = conversion.get("constant_properties") or []
        yield valued("constant_properties", constant)

    def _models(self, metric: dict[str, Any]) -> tuple[str, ...]:
        relations = (
            self._scope.measures[name][0]["node_relation"]
            for name in measures_of(metric)
            if name in self._scope.measures
        )
        return tuple(dict.fromkeys(map(self._scope.model_of, relations)))


def inputs_of(metric: dict[str, Any]) -> list[str]:
    """Give the metrics that a metric is made of directly."""
    parameters = metric["type_params"]
    conversion = parameters.get("conversion_type_params") or {}
    used = [
        parameters.get("numerator"),
        parameters.get("denominator"),
        *(parameters.get("metrics") or ()),
        (parameters.get("cumulative_type_params") or {}).get("metric"),
        conversion.get("base_metric"),
        conversion.get("conversion_metric"),
    ]
    return list(dict.fromkeys(one["name"] for one in used if one))


def _metrics_used(metric: dict[str, Any]) -> list[str]:
    return [identity(Kind.METRIC, name) for name in inputs_of(metric)]


def _filters_used(metric: dict[str, Any]) -> list[str]:
    """Give the identities of what stands in the filters of a metric, and of its inputs."""
    parameters = metric["type_params"]
    conversion = parameters.get("conversion_type_params") or {}
    filtered = [
        metric,
        *(parameters.get(part) for part in ("measure", "numerator", "denominator")),
        *(parameters.get("metrics") or ()),
        *(conversion.get(part) for part in ("base_measure", "conversion_measure")),
    ]
    templates = [text for one in filtered if one for text in templates_of(one.get("filter"))]
    return [used for said in named(templates) for used in used_by(said)]


def measures_of(metric: dict[str, Any]) -> list[str]:
    """Give the measures that a metric is made of directly."""
    parameters = metric["type_params"]
    conversion = parameters.get("conversion_type_params") or {}
    used = [
        parameters.get("measure"),
        conversion.get("base_measure"),
        conversion.get("conversion_measure"),
    ]
    return list(dict.fromkeys(one["name"] for one in used if one))


def _window(window: dict[str, Any] | None) -> str:
    return f"{window['count']} {window['granularity']}" if window else ""


def _input_shown(used: dict[str, Any]) -> str:
    text = str(used["name"])
    if used.get("offset_window"):
        text += f" {_window(used['offset_window'])} before"
    if used.get("offset_to_grain"):
        text += f" at the start of the {used['offset_to_grain']}"
    templates = templates_of(used.get("filter"))
    return f"{text} where {shown(templates)}" if templates else text
