"""The digest of the program that runs: its own code and the versions of what it is made of."""

from __future__ import annotations

import functools
import hashlib
import re
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

_DISTRIBUTION = "metrics-store"
_NAME = re.compile(r"[\w.-]+")


@functools.cache
def program_digest() -> str:
    """Give another text for each other program: what one worked out, another must not take over.

    The version alone does not tell: code that is worked on changes without it.
    """
    return "\0".join([digest_of(Path(__file__).parent.parent), *_versions()])


def digest_of(package: Path) -> str:
    """Give another text for each other content of a package."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _versions() -> list[str]:
    """Give the versions of the libraries that are needed, as far as they are installed."""
    try:
        needed = requires(_DISTRIBUTION) or []
    except PackageNotFoundError:
        return []
    found = []
    for requirement in needed:
        name = _NAME.match(requirement)
        if name is None or "extra ==" in requirement:
            continue
        try:
            found.append(f"{name[0]} {version(name[0])}")
        except PackageNotFoundError:
            found.append(f"{name[0]} is not here")
    return sorted(found)
