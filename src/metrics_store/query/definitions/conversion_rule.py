"""How a conversion metric counts, in words, for the end of its description."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metricflow_semantic_interfaces.implementations.metric import PydanticMetric

_MATCHING = (
    "How it counts: each conversion goes to the last base event up to it{window}{constant}; of "
    "several on that day to the last one by the clock before it, of several at one time to the one "
    "with the greatest key. Group-bys, filters and times are those of the base event, and act when "
    "all conversions have theirs. Several conversions of one base event all count."
)


def with_conversion_rule(metric: PydanticMetric) -> str:
    """Give the description of a metric; that of a conversion metric says its rule.

    The rule names nothing: a reader of the metric may not be allowed to see what it is made of.
    """
    description = metric.description or ""
    parameters = metric.type_params.conversion_type_params
    if parameters is None:
        return description
    window = parameters.window
    unit = "" if window is None else str(window.granularity)
    plural = "" if window is None or window.count == 1 else "s"
    rule = _MATCHING.format(
        window="" if window is None else f" and less than {window.count} {unit}{plural} before it",
        constant=" and like it in the constant properties"
        if parameters.constant_properties
        else "",
    )
    return f"{description.rstrip()}\n\n{rule}".lstrip()
