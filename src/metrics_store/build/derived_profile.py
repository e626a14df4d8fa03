"""A dbt profile like the project's own, but for the file that the build writes to."""

from __future__ import annotations

import copy
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from metrics_store.project.location import PROJECT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.project.profile import Target
    from metrics_store.warehouse.embedded.generations import Generation


@contextmanager
def derived_profile(target: Target, generation: Generation) -> Iterator[Path]:
    """Give a directory with a `profiles.yml` whose one target writes to the generation's database.

    It lies in the generation's directory, readable for this user only, and goes with the block; if
    the process is killed, it goes with the unfinished generation. The path in it is the same for
    every build, by a link: with another one dbt would parse the whole project anew.
    """
    project = yaml.safe_load((target.project_directory / PROJECT_FILE).read_text(encoding="utf-8"))
    settings = copy.deepcopy(target.settings)
    link = generation.directory.parent.resolve() / f".{generation.database.name}.building"
    settings["path"] = str(link / generation.database.name)
    # A profile may open the file read-only for readers; the builder writes.
    if isinstance(settings.get("config_options"), dict):
        settings["config_options"].pop("access_mode", None)
    profile = {project["profile"]: {"target": target.name, "outputs": {target.name: settings}}}
    with tempfile.TemporaryDirectory(dir=generation.directory, prefix="profile-") as name:
        directory = Path(name).resolve()
        (directory / "profiles.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")
        # What a killed build left.
        link.unlink(missing_ok=True)
        link.symlink_to(generation.directory.name)
        try:
            yield directory
        finally:
            link.unlink(missing_ok=True)
