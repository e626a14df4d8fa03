"""Generates a set of demo data: the tables of every source, and the truth file."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from metrics_store.demo.pipedrive import pipedrive_source as pipedrive
from metrics_store.demo.pipedrive_api import api_source as pipedrive_api
from metrics_store.demo.planning import planning_source as planning
from metrics_store.demo.salesforce import salesforce_source as salesforce
from metrics_store.demo.table_files import remove_table
from metrics_store.demo.truth_file import SourceTruth, write_truth
from metrics_store.errors import MetricsStoreError
from metrics_store.load.source_files import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

TRUTH_FILE = "truth.json"
SOURCES = ("pipedrive", "salesforce", "planning")
_SAID = "Demo data, made up by metrics demo: no real company, people or sales."


def check_request(output: Path, scale: float) -> None:
    """Refuse what can't be generated, before anything is written.

    Raises:
        MetricsStoreError: If the scale isn't a positive number, or something that is no
            directory stands at the output or above it.
    """
    if not (math.isfinite(scale) and scale > 0):
        raise MetricsStoreError(
            f"The scale {scale:g} is not a size.",
            where="--scale",
            expected="a number greater than 0; 1 gives 2,000 deals and 20,000 opportunities",
            remedy="Leave --scale out, or give one such as 0.1 or 10.",
        )
    directories = (output / name for name in SOURCES)
    for path in (*directories, output, *output.parents):
        if path.exists() and not path.is_dir():
            raise MetricsStoreError(
                f"{path} is not a directory.",
                where="--output",
                expected="a directory, or a path where one can be made",
                remedy="Give another --output, or move what stands there.",
            )


def work(scale: float) -> int:
    """Give the number of steps that `generate` reports."""
    return pipedrive.deal_count(scale) + salesforce.opportunity_count(scale)


def _pipedrive(with_deals: bool) -> ModuleType:  # noqa: FBT001 - it says which of the two
    return pipedrive_api if with_deals else pipedrive


def generate(  # noqa: PLR0913 - each says something else of the data
    output: Path,
    scale: float,
    seed: int,
    advance: Callable[[int], None],
    *,
    with_deals: bool = False,
    rows_per_file: int | None = None,
) -> dict[str, SourceTruth]:
    """Write the demo data into `output`, over what an earlier run left there.

    Args:
        output: Directory that gets one directory a source system and `truth.json`.
        scale: Size; 1 is 2,000 Pipedrive deals and 20,000 Salesforce opportunities. More than 0.
        seed: The same seed and scale give the same bytes.
        advance: Called with the number of steps done since the last call.
        with_deals: Pipedrive as its API has it, deals with amounts and the log of their changes,
            in the place of the case study's log, which has none. Salesforce stays as it is.
        rows_per_file: Each table as a directory of parts with at most so many rows; without, each
            is one file. The rows and their order are the same. At any scale no more is held in
            memory than some thousand deals or opportunities.

    Raises:
        MetricsStoreError: If the request is refused or the files can't be written.
    """
    check_request(output, scale)
    truth_file = output / TRUTH_FILE
    try:
        # A truth that outlived its data would be a lie, so it goes first and comes last.
        truth_file.unlink(missing_ok=True)
        sources = {
            "pipedrive": _pipedrive(with_deals).generate(
                output / "pipedrive", scale, seed, advance, rows_per_file
            ),
            "salesforce": salesforce.generate(
                output / "salesforce", scale, seed, advance, rows_per_file
            ),
            "planning": planning.generate(output / "planning", scale, seed, rows_per_file),
        }
        # What an earlier run wrote of the other Pipedrive is no part of this one.
        for table in set(_pipedrive(not with_deals).SCHEMAS) - set(_pipedrive(with_deals).SCHEMAS):
            remove_table(output / "pipedrive", table)
        for name in sources:
            # Whoever loads it says so, wherever it is shown.
            (output / name / ORIGIN).write_text(f"{_SAID}\n", encoding="utf-8")
        write_truth(truth_file, seed, scale, sources)
    except OSError as error:
        raise MetricsStoreError(
            f"The demo data can't be written: {error.strerror or error}.",
            where=str(error.filename or output),
            expected="a directory that can be written to, with room on its disk",
            remedy="Give another --output, or make room and run it again.",
        ) from error
    return sources
