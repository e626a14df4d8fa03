"""The front page: no name and no value stands in it; those are asked with the reader's token."""

from __future__ import annotations

import functools
from importlib import resources
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from metrics_store.catalogue.site.site_templates import assets as site_assets

if TYPE_CHECKING:
    from metrics_store.serve.configuration.configuration import Configuration

_PACKAGE = "metrics_store.serve.web"
_OWN = ("front.css", "front.js")
_KINDS = {"css": "text/css", "js": "text/javascript", "html": "text/html"}
# Only what the server itself gives runs in its pages, and they ask nobody else.
CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The catalogue's charts place their words by style attributes.
CATALOGUE_POLICY = CONTENT_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")


def render_page(template: str, configuration: Configuration | None) -> str:
    """Render a page; the waiting one says nothing of the configuration."""
    environment = Environment(
        loader=PackageLoader(_PACKAGE, "templates"), autoescape=True, undefined=StrictUndefined
    )
    content: dict[str, object] = {}
    if configuration is not None:
        tls = configuration.tls is not None
        content = {
            "needs_token": configuration.requires_authentication,
            "flight_port": configuration.flight_port,
            "flight_scheme": "grpc+tls" if tls else "grpc",
            "postgres_port": configuration.chosen_postgres_port,
            "encryption": "true" if tls else "false",
        }
    text: str = environment.get_template(f"{template}.html.jinja").render(content)
    return text


@functools.cache
def assets() -> dict[str, str]:
    """Give the files of the page by name; the looks are those of the catalogue."""
    directory = resources.files(_PACKAGE) / "assets"
    texts = {name: (directory / name).read_text(encoding="utf-8") for name in _OWN}
    shared = site_assets()
    return texts | {name: shared[f"assets/{name}"] for name in ("site.css", "theme.js")}


def kind_of(address: str) -> str:
    """Give the media type of a file by its ending."""
    return _KINDS[address.rpartition(".")[2]]
