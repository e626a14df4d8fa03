"""A page that shows the OpenAPI document to people; it needs nothing from the network."""

from __future__ import annotations

import base64
import hashlib
import json
from html import escape
from typing import Any

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
code, pre { font: 14px/1.4 ui-monospace, monospace; background: #8881; border-radius: 4px; }
pre { padding: 1rem; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
td, th { border-bottom: 1px solid #8884; padding: .3rem .6rem; text-align: left; }
td { vertical-align: top; }
section { margin: 2.5rem 0; }
.method { font-weight: 700; text-transform: uppercase; }
@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd; } a { color: #8bf; } }
"""


def docs_page(document: dict[str, Any]) -> tuple[str, str]:
    """Give the page, and the policy that keeps anything else from running in it."""
    information = document["info"]
    operations = [
        _operation(path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = [_schema(name, schema) for name, schema in document["components"]["schemas"].items()]
    body = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(information["title"])}</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>
<h1>{escape(information["title"])} {escape(information["version"])}</h1>
<p>{_text(information["description"])}</p>
<p>The whole of it for programs: <a href="/openapi.json">/openapi.json</a></p>
{"".join(operations)}<h2>Forms</h2>{"".join(schemas)}</body></html>
"""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return body, f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"


def _text(words: str) -> str:
    """Show words with `code` in backquotes."""
    parts = escape(words).split("`")
    return "".join(
        f"<code>{part}</code>" if number % 2 else part for number, part in enumerate(parts)
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code></td><td>{_kind(one['schema'])}</td>"
        f"<td>{_text(one['description'])}</td></tr>"
        for one in operation["parameters"]
    )
    table = f"<table><tr><th>parameter</th><th>kind</th><th></th></tr>{rows}</table>"
    body = ""
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        body = f"<p>Body: JSON, {_kind(schema)}</p>"
    answers = ", ".join(
        f"<code>{escape(kind)}</code>" for kind in operation["responses"]["200"]["content"]
    )
    answer = _kind(operation["responses"]["200"]["content"]["application/json"]["schema"])
    return (
        f'<section id="{escape(operation["operationId"])}">'
        f'<h2><span class="method">{escape(method)}</span> <code>{escape(path)}</code></h2>'
        f"<p>{_text(operation['summary'])}</p>{table if rows else ''}{body}"
        f"<p>Answer: {answer} as {answers}</p></section>"
    )


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#form-{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if "enum" in schema:
        return ", ".join(f"<code>{escape(str(one))}</code>" for one in schema["enum"])
    return escape(str(schema.get("format") or schema.get("type") or "anything"))


def _schema(name: str, schema: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(key)}</code></td><td>{_kind(one)}</td>"
        f"<td>{_text(one.get('description', ''))}</td></tr>"
        for key, one in schema.get("properties", {}).items()
    )
    words = _text(schema.get("description", ""))
    shown = (
        f"<table>{rows}</table>" if rows else f"<pre>{escape(json.dumps(schema, indent=2))}</pre>"
    )
    return (
        f'<section id="form-{escape(name)}"><h3>{escape(name)}</h3><p>{words}</p>{shown}</section>'
    )
