"""What is wrong in the `config.meta.deprecated` of metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from metrics_store.query.definitions.deprecation import KEY, day_of, is_deprecated, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from metricflow_semantic_interfaces.implementations.semantic_manifest import (
        PydanticSemanticManifest,
    )

    # Of one key: the key, what is wrong, and what would be right.
    Problem = tuple[str, str, str]

_KEYS = ("since", "sunset", "replacement", "reason")


@dataclass(frozen=True)
class DeprecationProblem:
    """One thing that is wrong in a metric's `config.meta.deprecated`.

    Attributes:
        metric: The metric.
        key: The key, such as `config.meta.deprecated.sunset`.
        what: What is wrong, in one sentence.
        expected: What would be right.
    """

    metric: str
    key: str
    what: str
    expected: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.metric}: {self.key}: {self.what}; expected {self.expected}"


def deprecation_problems(manifest: PydanticSemanticManifest) -> list[DeprecationProblem]:
    """Give all that is wrong with `config.meta.deprecated` of the metrics, by metric."""
    metas = {
        metric.name: metric.config.meta if metric.config else {}
        for metric in manifest.metrics
        if not metric.type_params.is_private
    }
    return [
        DeprecationProblem(name, ".".join(filter(None, ("config.meta", KEY, key))), what, expected)
        for name in sorted(metas)
        if KEY in metas[name]
        for key, what, expected in _problems(name, metas[name][KEY], metas)
    ]


def _problems(
    name: str, given: object, metas: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    if not isinstance(given, dict):
        yield "", "it is no mapping", "the keys " + ", ".join(_KEYS)
        return
    for key in given:
        if key not in _KEYS:
            yield str(key), "there is no such key", "one of " + ", ".join(_KEYS)
    if "since" in given and version_of(given["since"]) is None:
        yield "since", "it is no version", "a version such as 1.2.0"
    if day_of(given.get("sunset")) is None:
        missing = "it is no day" if "sunset" in given else "it is missing"
        yield "sunset", missing, "a day such as 2027-01-31"
    if "reason" in given:
        if not isinstance(given["reason"], str) or not given["reason"].strip():
            yield "reason", "it is no text", "why, in words"
    elif "replacement" not in given:
        yield "reason", "it is missing, and there is no replacement", "why, in words"
    if "replacement" in given:
        yield from _wrong_replacement(name, given["replacement"], metas)


def _wrong_replacement(
    name: str, replacement: object, metas: Mapping[str, Mapping[str, Any]]
) -> Iterator[Problem]:
    if not isinstance(replacement, str) or replacement not in metas:
        yield "replacement", f"there is no metric {replacement!r}"[:200], "another metric's name"
    elif replacement == name:
        yield "replacement", "it is the metric itself", "another metric's name"
    elif is_deprecated(metas[replacement]):
        yield "replacement", f"{replacement} is deprecated itself", "a metric that stays"
