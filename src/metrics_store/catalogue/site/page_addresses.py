"""The address of each page: a file name that is safe for any name."""

from __future__ import annotations

import hashlib
import re

# Folder of the pages of one kind.
FOLDERS = {
    "metric": "metrics",
    "dimension": "dimensions",
    "saved_query": "saved_queries",
    "semantic_model": "semantic_models",
    "policy": "policies",
}
RELATIONS = "relations.html"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_]{0,99}")
_HASH = 10


def slug(name: str) -> str:
    """Give a name as a file's name or an anchor: its own where it is plain, else with a hash.

    Names that differ only in case get files that differ on every disk.
    """
    if _PLAIN.fullmatch(name):
        return name
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    return f"{readable or 'name'}-{hashlib.sha256(name.encode()).hexdigest()[:_HASH]}"


def page(kind: str, name: str) -> str:
    """Give the address of a page, from the site's root."""
    return f"{FOLDERS[kind]}/{slug(name)}.html"


def relation_anchor(unique_id: str) -> str:
    """Give the address of a model, a seed, a snapshot or a source on the page of all of them."""
    return f"{RELATIONS}#{slug(unique_id)}"
