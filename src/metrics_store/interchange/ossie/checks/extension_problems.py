"""Checks extensions: that they are JSON; what ours say, and the core that was made of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from metrics_store.interchange.layer.condition import Condition
from metrics_store.interchange.ossie.checks.content_limits import content_problem
from metrics_store.interchange.ossie.checks.extension_schema import SCHEMAS
from metrics_store.interchange.ossie.checks.schema_problems import problems_by
from metrics_store.interchange.ossie.core_digest import digest_of
from metrics_store.interchange.ossie.ossie_extensions import KEY, extension_content
from metrics_store.interchange.ossie.ossie_parts import semantic_models
from metrics_store.interchange.ossie.ossie_problems import OssieProblem, path_of
from metrics_store.interchange.ossie.ossie_versions import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.interchange.ossie.ossie_parts import OssiePart
    from metrics_store.interchange.ossie.ossie_problems import Step

_FILTERS = ("filter", "where")


def extension_problems(document: dict[str, Any]) -> Iterator[OssieProblem]:
    """Find extensions whose data is no JSON, or that the document does not declare."""
    declared = document.get("vendors")
    for path, one in _extensions([], document):
        try:
            data = json.loads(one["data"])
        except (json.JSONDecodeError, RecursionError):
            yield OssieProblem(path_of([*path, "data"]), "it is no JSON", "a JSON text")
            continue
        problem = content_problem(data)
        if problem:
            yield OssieProblem(path_of([*path, "data"]), problem, "a JSON text of few levels")
        if (
            one["vendor_name"] == VERSIONS["0.2.0.dev0"].own_vendor
            and extension_content(one) is None
        ):
            what = f"it is {json.dumps(data)[:60]}"
            yield OssieProblem(path_of([*path, "data"]), what, f"an object with the key `{KEY}`")
        if declared is not None and one["vendor_name"] not in declared:
            what = f"the vendor {one['vendor_name']} is not among `vendors` of the document"
            yield OssieProblem(path_of([*path, "vendor_name"]), what, "all vendors listed there")


def own_extension_problems(document: dict[str, Any]) -> Iterator[OssieProblem]:
    """Find what is wrong with our extensions of a document that is right in form."""
    for model in semantic_models(document):
        yield from _problems(model)


def _problems(part: OssiePart) -> Iterator[OssieProblem]:
    extension = part.extension
    if extension is not None:
        found = list(problems_by(SCHEMAS[part.kind], extension, part.extension_steps))
        yield from found
        if not found:
            yield from _filters(part.extension_steps, extension)
            yield from _edited(part, extension)
    for within in part.parts():
        yield from _problems(within)


def _edited(part: OssiePart, extension: dict[str, Any]) -> Iterator[OssieProblem]:
    """Find parts of the core that were made of the extension, and edited since."""
    content = part.content
    if part.kind == "field" and "dimension" in extension:
        is_time = (content.get("dimension") or {}).get("is_time", False)
        if is_time != (extension["dimension"]["type"] == "time"):
            said = f"a dimension of type {extension['dimension']['type']}, as the extension says"
            yield OssieProblem(part.path("dimension"), f"`is_time` is {is_time}", said)
    keys = {key: content[key] for key in ("primary_key", "unique_keys") if key in content}
    made = {
        "keys": ("primary_key", keys),
        "expression": ("expression", content.get("expression")),
        "relationships": ("relationships", content.get("relationships", [])),
    }
    for name, (place, core) in made.items():
        if name in extension and extension[name] != digest_of(core):
            yield OssieProblem(
                part.path(place),
                f"it was changed, and what {part.name} means stands in its extension",
                f"what was exported; change the extension, and take `{name}` out of it",
            )


def _filters(path: list[Step], content: Any) -> Iterator[OssieProblem]:  # noqa: ANN401 - whatever JSON holds
    """Find filters that are not SQL with names such as `{{ Dimension('order__status') }}`."""
    entries = content.items() if isinstance(content, dict) else enumerate(content)
    for step, within in entries:
        if step in _FILTERS:
            templates = within if isinstance(within, list) else [within]
            for number, template in enumerate(templates):
                if not _is_filter(template):
                    yield OssieProblem(
                        path_of([*path, step, number]),
                        f"`{template}` is no filter",
                        "SQL with names such as {{ Dimension('order__status') }}",
                    )
        elif isinstance(within, dict | list) and step not in ("meta", "policies"):
            yield from _filters([*path, step], within)


def _is_filter(template: object) -> bool:
    if not isinstance(template, str):
        return False
    try:
        rest = Condition.parse(template).render(lambda _: "name")
    except Exception:  # noqa: BLE001 - MetricFlow's own errors have no common kind
        return False
    return not any(mark in rest for mark in ("{{", "}}", "{%", "%}", "{#"))


def _extensions(path: list[Step], part: Any) -> Iterator[tuple[list[Step], dict[str, str]]]:  # noqa: ANN401 - whatever JSON holds
    entries = part.items() if isinstance(part, dict) else enumerate(part)
    for step, within in entries:
        if step == "custom_extensions":
            yield from (([*path, step, number], one) for number, one in enumerate(within))
        elif isinstance(within, dict | list):
            yield from _extensions([*path, step], within)
