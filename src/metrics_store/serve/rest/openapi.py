"""The OpenAPI document, made from the table of endpoints and the models of what they take."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from metrics_store.serve.http.problems import MEDIA_TYPE, Problem
from metrics_store.serve.rest.endpoints import ENDPOINTS
from metrics_store.serve.rest.formats import FORMATS
from metrics_store.version import __version__

if TYPE_CHECKING:
    from pydantic import BaseModel

    from metrics_store.serve.rest.endpoints import Endpoint

_SCHEMAS = "#/components/schemas/"
_FAILURES = {
    "400": "The request is not right.",
    "401": "Nobody knows who is asking.",
    "403": "This may not be seen.",
    "404": "There is no such thing.",
    "422": "The question takes too long, too many rows or too much memory.",
    "503": "The server cannot answer now.",
}
_DESCRIPTION = (
    "Metrics that are defined once, in a dbt project. Every answer has an `ETag`; an answer that "
    "a caller has already is not asked for again. Every error is a problem as in RFC 9457. "
    "`X-Request-ID` names a request for the logs."
)


@functools.cache
def openapi_text() -> str:
    """Give the document as JSON."""
    return json.dumps(openapi_document())


def openapi_document() -> dict[str, Any]:
    """Make the document, of OpenAPI 3.1."""
    forms = {endpoint.form for endpoint in ENDPOINTS}
    answers = {endpoint.answer for endpoint in ENDPOINTS} | {Problem}
    named = [
        *((form, "validation") for form in forms),
        *((answer, "serialization") for answer in answers),
    ]
    ordered = sorted(named, key=lambda one: one[0].__name__)
    references, definitions = models_json_schema(
        ordered,  # type: ignore[arg-type]
        ref_template=_SCHEMAS + "{model}",
    )
    schemas: dict[str, Any] = definitions["$defs"]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Metrics store", "version": __version__, "description": _DESCRIPTION},
        "security": [{"token": []}, {}],
        "paths": {endpoint.path: _path(endpoint, references, schemas) for endpoint in ENDPOINTS},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _path(
    endpoint: Endpoint, references: dict[Any, Any], schemas: dict[str, Any]
) -> dict[str, Any]:
    operation = _name(endpoint.path)
    responses = _responses(endpoint, references)
    form = _resolved(references[endpoint.form, "validation"], schemas)
    required = form.get("required", [])
    parameters = [
        _parameter(endpoint, name, schema, needed=name in required)
        for name, schema in form["properties"].items()
    ]
    if endpoint.has_rows:
        parameters.append(_FORMAT)
    described = {}
    if endpoint.takes_parameters:
        described["get"] = {
            "operationId": f"get_{operation}",
            "summary": endpoint.summary,
            "parameters": parameters,
            "responses": responses,
        }
    if endpoint.takes_body:
        schema = references[endpoint.form, "validation"]
        described["post"] = {
            "operationId": f"post_{operation}",
            "summary": endpoint.summary,
            "parameters": [_FORMAT] if endpoint.has_rows else [],
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": responses,
        }
    return described


def _name(path: str) -> str:
    words = path.removeprefix("/v1/").replace("-", "_").replace("/", "_by_")
    return words.replace("{", "").replace("}", "")


def _resolved(reference: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schemas[reference["$ref"].removeprefix(_SCHEMAS)]
    return found


_FORMAT = {
    "name": "format",
    "in": "query",
    "description": "The format, in place of the header `Accept`.",
    "schema": {"enum": [one.name for one in FORMATS], "type": "string"},
}


def _parameter(
    endpoint: Endpoint, name: str, schema: dict[str, Any], *, needed: bool
) -> dict[str, Any]:
    in_path = "{" + name + "}" in endpoint.path
    keywords = {key: value for key, value in schema.items() if key not in ("description", "title")}
    found: dict[str, Any] = {
        "name": name,
        "in": "path" if in_path else "query",
        "required": needed or in_path,
        "description": schema.get("description", ""),
        "schema": keywords,
    }
    if keywords.get("type") == "array" and not in_path:
        # Names come with commas between them; filters, which have commas, come one by one.
        found.update(style="form", explode=name == "where")
    return found


def _responses(
    endpoint: Endpoint, references: dict[tuple[type[BaseModel], str], Any]
) -> dict[str, Any]:
    content = {"application/json": {"schema": references[endpoint.answer, "serialization"]}}
    if endpoint.has_rows:
        content.update({one.media_type: {} for one in FORMATS[1:]})
    problem = {MEDIA_TYPE: {"schema": references[Problem, "serialization"]}}
    return {
        "200": {"description": "The answer.", "content": content},
        "304": {"description": "The caller has the answer already."},
        **{
            status: {"description": words, "content": problem}
            for status, words in _FAILURES.items()
        },
    }
