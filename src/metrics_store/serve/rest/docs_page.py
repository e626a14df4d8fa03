"""The page that shows the OpenAPI document and lets people try it: Swagger UI, kept here."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from swagger_ui_bundle import swagger_ui_path  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from pathlib import Path

# Swagger UI sets styles of its own; nothing but its script runs, and it asks this server alone.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>REST interface of the metrics</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/start.js" defer></script>
</head>
<body>
<div id="swagger-ui"></div>
<noscript>Without scripts: <a href="/openapi.json">/openapi.json</a> has all.</noscript>
</body>
</html>
"""
# The token is kept for as long as the page is open, and no longer.
_START = """"use strict";
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
"""
_KINDS = {"css": "text/css", "js": "text/javascript"}
_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")


@functools.cache
def docs_files() -> dict[str, tuple[str, str]]:
    """Give the files of the page by name: text and media type."""
    directory: Path = swagger_ui_path
    texts = {name: (directory / name).read_text(encoding="utf-8") for name in _FILES}
    texts["start.js"] = _START
    return {name: (text, _KINDS[name.rpartition(".")[2]]) for name, text in texts.items()}
