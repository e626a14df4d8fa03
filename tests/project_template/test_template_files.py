"""What the template has: the same in a wheel as in a clone, and whole in itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from posixpath import dirname, normpath
from typing import TYPE_CHECKING

import yaml

from metrics_store.project_template.template_files import read_template
from metrics_store.version import __version__

if TYPE_CHECKING:
    from environment import RunMetrics

ROOT = Path(__file__).parents[2]
PACKED = "metrics_store/project_template/files/"
# And the pictures of the clone's README.
ABOUT_THE_ENGINE = {
    "docs/architecture.md",
    "docs/glossary.md",
    "docs/images/explore.png",
    "docs/images/pulse.png",
}
LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")


def test_a_wheel_has_what_the_clone_has(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {
            name.removeprefix(PACKED): archive.read(name)
            for name in archive.namelist()
            if name.startswith(PACKED)
        }
    assert packed == read_template()


def test_the_definitions_and_the_guides_are_whole() -> None:
    kept = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - the developer's own git
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    parts = {
        path
        for name, paths in settings.items()
        if name.endswith("-paths") and name != "docs-paths"
        for path in paths
    }
    assert len(parts) > 6
    of_dbt = {
        name for name in kept.stdout.splitlines() if name.startswith(tuple(f"{p}/" for p in parts))
    }
    assert of_dbt <= set(read_template())
    guides = {name for name in kept.stdout.splitlines() if name.startswith("docs/")}
    assert guides - set(read_template()) == ABOUT_THE_ENGINE


def test_links_lead_to_files_of_the_template() -> None:
    template = read_template()
    texts = {name: text.decode() for name, text in template.items() if name.endswith(".md")}
    assert {"README.md", "docs/operations.md"} <= set(texts)
    for name, text in texts.items():
        for link in LINK.findall(text):
            if not link.startswith("http"):
                assert normpath(f"{dirname(name)}/{link}".lstrip("/")) in template, (
                    f"{name}: {link}"
                )


def test_a_container_has_the_version_that_the_definitions_came_with() -> None:
    assert f'"metrics-store[server]=={__version__}"' in (ROOT / "Dockerfile").read_text()


def test_an_installation_without_it_says_so(tmp_path: Path, run_metrics: RunMetrics) -> None:
    """As a build of the package by another tool would leave it."""
    packages = tmp_path / "lib" / "python" / "site-packages"
    shutil.copytree(ROOT / "src" / "metrics_store", packages / "metrics_store")
    done = run_metrics("init", "my_store", cwd=tmp_path, env={"PYTHONPATH": str(packages)})
    assert done.returncode == 1
    assert "no project template" in done.stderr
    assert not (tmp_path / "my_store").exists()
