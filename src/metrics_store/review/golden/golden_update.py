"""Updates golden files: the questions stay, the answers are queried again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.catalogue.settings import read_settings
from metrics_store.errors import MetricsStoreError
from metrics_store.query.definitions.definitions import definitions_of
from metrics_store.review.golden.certified_metrics import certified_metrics
from metrics_store.review.golden.default_questions import default_questions
from metrics_store.review.golden.golden_client import GoldenClient, open_client
from metrics_store.review.golden.golden_files import (
    read_golden_files,
    require_certified,
    select_metrics,
)
from metrics_store.review.golden.golden_writer import as_yaml

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from metrics_store.query.metric_store import MetricStore
    from metrics_store.review.golden.certified_metrics import CertifiedMetric
    from metrics_store.review.golden.golden_file import GoldenQuestion
    from metrics_store.review.golden.golden_files import GoldenFiles


@dataclass(frozen=True)
class Renewal:
    """What an update did.

    Attributes:
        files: The files that it wrote or removed, below the project.
        added: Metrics that had no golden values before.
        dropped: Metrics whose golden values went: they are gone, or no longer certified.
    """

    files: tuple[Path, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]


def update_golden(
    project_directory: Path, store: MetricStore, names: Collection[str] = ()
) -> Renewal:
    """Answer all golden questions again, and write the files whose answers changed.

    Arguments are those of `check_golden`.

    Raises:
        MetricsStoreError: A file cannot be read, or a question cannot be asked; nothing is written.
    """
    certified = certified_metrics(store)
    require_certified(names, certified)
    files = read_golden_files(project_directory)
    for error in files.unreadable.values():
        raise error
    end_time = read_settings(project_directory / "docs" / "metrics.yml").end_time
    wanted: dict[str, dict[str, list[GoldenQuestion]]] = {file: {} for file in files.metrics}
    for file, metrics in files.metrics.items():
        for name in metrics:
            # Where a file is renewed in part, its other metrics stay as they are.
            if names and name not in names:
                wanted[file][name] = metrics[name]
            elif name in certified and certified[name].file == file:
                wanted[file][name] = []
    added = []
    with open_client(store) as client:
        for metric in select_metrics(certified, names).values():
            known = _known(metric.name, files)
            if not known:
                added.append(metric.name)
            questions = known or _default_questions(metric, end_time, store)
            with_answers = [_with_answer(one, client, metric.file) for one in questions]
            wanted.setdefault(metric.file, {})[metric.name] = with_answers
    dropped = {
        name for metrics in files.metrics.values() for name in metrics if name not in certified
    }
    return Renewal(
        tuple(_written(project_directory, wanted)),
        tuple(added),
        () if names else tuple(sorted(dropped)),
    )


def _default_questions(
    metric: CertifiedMetric, end_time: dt.datetime | None, store: MetricStore
) -> list[GoldenQuestion]:
    defined = definitions_of(store.planner).metric(metric.name)
    return default_questions(metric, end_time, requires_time=defined.requires_metric_time)


def _known(metric: str, files: GoldenFiles) -> list[GoldenQuestion]:
    return [one for file in files.files_of(metric) for one in files.metrics[file][metric]]


def _with_answer(question: GoldenQuestion, client: GoldenClient, file: str) -> GoldenQuestion:
    try:
        return dataclasses.replace(question, answer=client.answer(question))
    except MetricsStoreError as error:
        raise MetricsStoreError(
            f"a golden question cannot be asked: {error.what}",
            where=f"{file}: {question.metric}, {question.sentence()}: {error.where}".rstrip(": "),
            expected=error.expected,
            remedy=error.remedy,
        ) from None


def _written(
    project_directory: Path, wanted: dict[str, dict[str, list[GoldenQuestion]]]
) -> list[Path]:
    changed = []
    for file in sorted(wanted):
        path = project_directory / file
        before = path.read_text(encoding="utf-8") if path.exists() else None
        after = as_yaml(wanted[file]) if wanted[file] else None
        if before == after:
            continue
        if after is None:
            path.unlink()
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(after, encoding="utf-8")
        changed.append(Path(file))
    return changed
