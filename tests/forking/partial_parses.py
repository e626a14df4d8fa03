"""What dbt parsed of the definitions is taken by every later run, wherever their copy lies.

As ever dbt parses again each file that differs from then. Of itself it would parse all of them
again for another database, and for vars that only say of which day and fiscal year a run is.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

from dbt.contracts.graph.manifest import Manifest
from dbt.flags import get_flags
from dbt.parser.manifest import ManifestLoader, extended_mashumuro_decoder

_PROJECT = "sales_pipeline"
_PARTIAL_PARSE = "partial_parse.msgpack"
# No YAML file reads these, and no `ref`, `source` or `config` depends on them.
_VARS_OF_A_RUN = frozenset({"source_dt", "fiscal_year_start_month"})
# The end of a database's name that nothing else is called.
_UNIQUE = re.compile(r"(?<=_)[0-9a-f]{32}$")


def share_partial_parses(directory: Path) -> None:
    """Have dbt keep in a directory what it parses, in processes forked from this one."""
    directory.mkdir()
    read = ManifestLoader.read_manifest_for_partial_parse
    write = ManifestLoader.write_manifest_for_partial_parse

    def read_shared(self: ManifestLoader) -> Manifest | None:
        if not _is_shared(self):
            return read(self)
        kept = directory / _key(self)
        return _read(self, kept) if kept.exists() else read(self)

    def write_shared(self: ManifestLoader) -> None:
        write(self)
        if _is_shared(self) and not (kept := directory / _key(self)).exists():
            new = kept.with_suffix(f".{os.getpid()}")
            shutil.copyfile(Path(self.root_project.project_target_path) / _PARTIAL_PARSE, new)
            # Before what it belongs to is there.
            kept.with_suffix(".database").write_text(_database(self))
            new.rename(kept)

    ManifestLoader.read_manifest_for_partial_parse = read_shared  # type: ignore[method-assign]
    ManifestLoader.write_manifest_for_partial_parse = write_shared  # type: ignore[method-assign]


def _is_shared(loader: ManifestLoader) -> bool:
    return loader.root_project.project_name == _PROJECT and bool(get_flags().PARTIAL_PARSE)


def _database(loader: ManifestLoader) -> str:
    return str(loader.root_project.credentials.database)


def _key(loader: ManifestLoader) -> str:
    """Name what a parse depends on, beside the files, which dbt compares, and the database."""
    project = loader.root_project
    variables = {
        name: value for name, value in project.cli_vars.items() if name not in _VARS_OF_A_RUN
    }
    parts = [
        project.credentials.type,
        project.credentials.schema,
        _UNIQUE.sub("", _database(loader)),
        project.target_name,
        sorted(variables.items()),
        sorted(project.project_env_vars.items()),
        (Path(project.project_root) / "dbt_project.yml").read_text(encoding="utf-8"),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _read(loader: ManifestLoader, kept: Path) -> Manifest:
    then, now = kept.with_suffix(".database").read_text(), _database(loader)
    content = kept.read_bytes()
    if now != then:
        # They differ in what nothing else is called, and are of one length.
        content = content.replace(then.encode(), now.encode())
    manifest: Manifest = Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    manifest.state_check = loader.manifest.state_check
    manifest.metadata = loader.manifest.metadata
    for node in manifest.nodes.values():
        if node.resource_type == "seed":
            node.root_path = loader.root_project.project_root
    return manifest
