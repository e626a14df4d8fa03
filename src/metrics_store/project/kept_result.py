"""A result that is kept in a file with the key of all that it is made of."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def key_of(*parts: object) -> str:
    """Give the hash of parts: texts, numbers, and tuples, lists and mappings of them."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def kept_result(file: Path, key: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - JSON
    """Give what was kept under a key, or make it and keep it in place of what was there.

    Args:
        file: Where one result is kept; what cannot be read or written there is only made again.
        key: Of all that the result is made of, the program included.
        make: Makes it: plain values, as JSON has them.
    """
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(found, dict) and found.get("key") == key:
            return found["result"]
    result = make()
    with contextlib.suppress(OSError):
        write_whole(file, {"key": key, "result": result})
    return result


def write_whole(file: Path, content: Mapping[str, Any]) -> None:
    """Write a mapping to a file that is there whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            json.dump(content, new)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
