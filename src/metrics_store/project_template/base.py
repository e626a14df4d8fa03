"""What a project was made from: the template's files and version, kept in the project itself.

An upgrade compares with them; the package that they came from need not be at hand any more.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.project_template.file_writer import write_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DIRECTORY = ".template"
_VERSION = f"{DIRECTORY}/version.yml"
_FILES = f"{DIRECTORY}/files.zip"
_EXPLANATION = f"""\
# The version of metrics-store whose template this project was made from, or last upgraded to.
# The template's files as they were are in {_FILES}; `metrics upgrade` needs both: commit them.
"""
# The same files make the same archive, whenever it is written.
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Base:
    """The template that a project goes back to.

    Attributes:
        version: The package's version.
        files: The text of each file by its path in the project.
    """

    version: str
    files: Mapping[str, bytes]


def write_base(project: Path, base: Base) -> None:
    """Keep a template in the project, as what it goes back to from now on."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in base.files.items():
            member = zipfile.ZipInfo(name, _TIME)
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    write_file(project / _FILES, packed.getvalue())
    version = yaml.safe_dump({"version": base.version})
    write_file(project / _VERSION, f"{_EXPLANATION}{version}".encode())


def read_base(project: Path) -> Base:
    """Read what a project goes back to.

    Raises:
        MetricsStoreError: It was not made by `metrics init`, or what it keeps is damaged.
    """
    try:
        said = yaml.safe_load((project / _VERSION).read_text(encoding="utf-8"))
        with zipfile.ZipFile(project / _FILES) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        return Base(str(said["version"]), files)
    except FileNotFoundError as error:
        raise MetricsStoreError(
            "this project does not say which template it was made from",
            where=str(error.filename),
            expected=f"{_VERSION} and {_FILES}, which `metrics init` writes",
            remedy="bring both files back from the project's history; a clone of metrics-store is "
            "brought up to date by `git pull`",
        ) from error
    except (OSError, zipfile.BadZipFile, yaml.YAMLError, ValueError, KeyError, TypeError) as error:
        raise MetricsStoreError(
            "what this project was made from cannot be read",
            where=f"{project / DIRECTORY}: {error}",
            remedy=f"bring {_VERSION} and {_FILES} back from the project's history",
        ) from error
