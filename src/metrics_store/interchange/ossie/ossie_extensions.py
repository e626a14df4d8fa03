"""What Ossie has no words for, in its `custom_extensions`.

The data of an extension is a JSON text. Ours is an object with the one key `metrics_store`, under
the vendor `METRICS_STORE`, or `COMMON` in the version whose vendors are a closed list.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from metrics_store.interchange.ossie.ossie_versions import VERSIONS

if TYPE_CHECKING:
    from metrics_store.interchange.ossie.ossie_problems import Step
    from metrics_store.interchange.ossie.ossie_versions import OssieVersion

KEY = "metrics_store"
_VENDORS = frozenset(version.own_vendor for version in VERSIONS.values())


def own_extension(content: dict[str, Any], version: OssieVersion) -> list[dict[str, str]]:
    """Write our extension, as a list of one."""
    data = json.dumps({KEY: content}, ensure_ascii=False, sort_keys=True)
    return [{"vendor_name": version.own_vendor, "data": data}]


def read_extension(part: dict[str, Any]) -> dict[str, Any] | None:
    """Read our extension of a part of a document; nothing where it has none."""
    for one in part.get("custom_extensions", ()):
        content = extension_content(one)
        if content is not None:
            return content
    return None


def own_place(part: dict[str, Any]) -> list[Step]:
    """Give the place of what our extension says, within the part that has it."""
    given = part.get("custom_extensions", ())
    number = next(number for number, one in enumerate(given) if extension_content(one) is not None)
    return ["custom_extensions", number, "data", KEY]


def extension_content(one: dict[str, str]) -> dict[str, Any] | None:
    """Give what an extension says; nothing where it is not ours."""
    if one["vendor_name"] not in _VENDORS:
        return None
    try:
        data = json.loads(one["data"])
    except (json.JSONDecodeError, RecursionError):
        return None
    content = data.get(KEY) if isinstance(data, dict) else None
    return content if isinstance(content, dict) else None
