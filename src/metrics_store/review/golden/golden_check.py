"""Compares certified metrics with their golden values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.review.golden.certified_metrics import certified_metrics
from metrics_store.review.golden.drift import (
    CHANGED,
    MISPLACED,
    MISSING,
    REFUSED,
    STALE,
    UNANSWERED,
    UNREADABLE,
    Drift,
)
from metrics_store.review.golden.golden_client import GoldenClient, open_client
from metrics_store.review.golden.golden_files import (
    read_golden_files,
    require_certified,
    select_metrics,
)
from metrics_store.review.golden.golden_rows import differences

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from metrics_store.query.metric_store import MetricStore
    from metrics_store.review.golden.certified_metrics import CertifiedMetric
    from metrics_store.review.golden.golden_file import GoldenQuestion
    from metrics_store.review.golden.golden_files import GoldenFiles


def check_golden(
    project_directory: Path, store: MetricStore, names: Collection[str] = ()
) -> list[Drift]:
    """Give all that is not as the golden values of a project say.

    Args:
        project_directory: The directory with the files of golden values.
        store: A warehouse with the project's definitions, on the data of the golden values; it is
            queried without policies.
        names: The metrics to check; none for all.

    Raises:
        MetricsStoreError: A name is no certified metric, or the warehouse cannot be asked.
    """
    certified = certified_metrics(store)
    require_certified(names, certified)
    files = read_golden_files(project_directory)
    drifts = [
        Drift(UNREADABLE, file, detail=str(error)) for file, error in files.unreadable.items()
    ]
    if not names:
        drifts += _stale(files, certified)
    with open_client(store) as client:
        for metric in select_metrics(certified, names).values():
            drifts += _of_metric(metric, files, client)
    return drifts


def _stale(files: GoldenFiles, certified: Collection[str]) -> Iterator[Drift]:
    for file, metrics in files.metrics.items():
        for metric in metrics:
            if metric not in certified:
                yield Drift(STALE, file, metric, detail="it is no certified metric any more")


def _of_metric(
    metric: CertifiedMetric, files: GoldenFiles, client: GoldenClient
) -> Iterator[Drift]:
    found = files.files_of(metric.name)
    if not found and metric.file in files.unreadable:
        return
    if not any(files.metrics[file][metric.name] for file in found):
        yield Drift(MISSING, metric.file, metric.name, detail="it has no golden values yet")
        return
    if found != [metric.file]:
        detail = f"its golden values stand in {' and '.join(found)}"
        yield Drift(MISPLACED, metric.file, metric.name, detail=detail)
    for file in found:
        for question in files.metrics[file][metric.name]:
            drift = _of_question(question, f"{file}, line {question.line}", client)
            if drift is not None:
                yield drift


def _of_question(question: GoldenQuestion, place: str, client: GoldenClient) -> Drift | None:
    def drift(kind: str, detail: str) -> Drift:
        return Drift(kind, place, question.metric, question.sentence(), detail)

    if question.answer is None:
        return drift(UNANSWERED, "its answer is not known yet")
    try:
        answer = client.answer(question)
    except MetricsStoreError as error:
        return drift(REFUSED, f"it cannot be asked: {error}")
    if answer == question.answer:
        return None
    try:
        rows = differences(question.answer, answer, len(question.request().group_by))
    except ValueError as error:
        return drift(CHANGED, f"the known answer cannot be compared: {error}")
    if not rows:
        return drift(CHANGED, "the rows are the same in another order or in another form")
    # A line more for the header.
    count = len(answer.splitlines()) - 1
    return Drift(
        CHANGED, place, question.metric, question.sentence(), rows=tuple(rows), row_count=count
    )
