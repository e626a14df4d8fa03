"""The files of the project template, as the installed package has them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where a wheel has them; pyproject.toml says what is packed.
PACKED = Path(__file__).with_name("files")
_PACKED_AS = "metrics_store/project_template/files/"


def read_template() -> dict[str, bytes]:
    """Give the text of each file by its path in a project, in order of the paths.

    An installed package has them packed. An editable one, in a clone, reads what would be packed.

    Raises:
        MetricsStoreError: The package was installed without them.
    """
    found = _below(PACKED, "") if PACKED.is_dir() else _unpacked(Path(__file__).parents[3])
    files = {name: path.read_bytes() for name, path in found}
    if not files:
        raise MetricsStoreError(
            "this installation has no project template",
            where=str(PACKED),
            remedy="install the package anew: pip install --force-reinstall metrics-store",
        )
    return dict(sorted(files.items()))


def _unpacked(clone: Path) -> Iterator[tuple[str, Path]]:
    try:
        settings = tomllib.loads((clone / "pyproject.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return
    packed = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for source, target in packed.items():
        yield from _below(clone / source, target.removeprefix(_PACKED_AS))


def _below(path: Path, name: str) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield name, path
        return
    for inner in path.iterdir():
        if inner.name != "__pycache__":
            yield from _below(inner, f"{name}/{inner.name}" if name else inner.name)
