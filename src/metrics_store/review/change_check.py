"""Checks a change of the definitions against all rules."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from metrics_store.project.kept_result import kept_result, key_of
from metrics_store.project.program_digest import program_digest
from metrics_store.query.definitions.deprecation import read_deprecations
from metrics_store.query.definitions.deprecation_problems import deprecation_problems
from metrics_store.query.manifest_reader import parse_semantic_manifest
from metrics_store.query.resolution.exclusions import KEY, Exclusions
from metrics_store.review.builds.duckdb_build import built
from metrics_store.review.builds.golden_target import golden_target
from metrics_store.review.builds.review_data import find_data
from metrics_store.review.golden.golden_at_revision import golden_at
from metrics_store.review.golden.golden_files import golden_digest
from metrics_store.review.report.report_document import document
from metrics_store.review.revision_review import review_revisions, value_diff_of
from metrics_store.review.revisions.default_base import default_base
from metrics_store.review.revisions.revision_artifacts import artifacts_of
from metrics_store.review.settings import FILE, read_settings
from metrics_store.review.versions.rule_context import rule_context
from metrics_store.review.versions.rule_problem import Problem
from metrics_store.review.versions.version_rules import find_problems
from metrics_store.warehouse.progress import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from metrics_store.project.profile import Target
    from metrics_store.review.revision_review import RevisionReview

_FOUND = "golden.json"


def check_change(  # noqa: PLR0913 - what the command can be asked for
    base: str | None,
    head: str | None,
    target: Target,
    approvers: Sequence[str],
    *,
    golden: bool,
    values: bool,
    data: Path | None,
) -> dict[str, Any]:
    """Give the report on a change, with all that must be mended.

    Args:
        base: The revision before; none for where the main branch was left.
        head: The revision after; none for the files as they lie here.
        target: The target whose dialect the SQL is compiled for.
        approvers: Who agreed to the change.
        golden: Whether certified metrics are held against their golden values.
        values: Whether both sides are built and asked.
        data: A DuckDB file with the raw tables to build on; none for those of `review.yml`, or of
            a PostgreSQL target.

    Raises:
        MetricsStoreError: A revision cannot be read or built.
    """
    project = target.project_directory
    settings = read_settings(project)
    reviewed = review_revisions(base or default_base(project, settings.base), head, target)
    context = rule_context(reviewed.base, reviewed.head, project, settings.changelog, approvers)
    found = [*find_problems(reviewed.review, context), *_meta_problems(reviewed)]
    if golden:
        found += _golden_problems(reviewed, target, data)
    values_diff = None
    if values:
        values_diff = value_diff_of(reviewed, data, target)
        found += [
            Problem(
                "nothing beneath it changed, and its numbers did",
                f"metric {one.metric}",
                "it gives another answer each time it is asked, or the review missed what changed",
            )
            for one in values_diff.metrics
            if not one.is_changed and not one.is_equal
        ]
    return document(reviewed.review, reviewed.base, reviewed.head, values_diff, found)


def _meta_problems(reviewed: RevisionReview) -> Iterator[Problem]:
    """Find deprecations and exclusions that cannot be understood, and metrics past their sunset."""
    after = reviewed.artifacts[1]
    if after.is_empty:
        return
    manifest = parse_semantic_manifest(json.dumps(after.semantic_manifest))
    for wrong in deprecation_problems(manifest):
        yield Problem(f"{wrong.key}: {wrong.what}", f"metric {wrong.metric}", wrong.expected)
    for metric, name in Exclusions(manifest).undefined_names():
        yield Problem(
            f"config.meta.{KEY}.{name}: nothing has this name",
            f"metric {metric}",
            "the name of a dimension, an entity or a grain",
        )
    today = dt.datetime.now(dt.UTC).date()
    metas = {name: one.meta for name, one in reviewed.review.head.metrics.items()}
    for name, deprecation in read_deprecations(metas).items():
        if deprecation.is_over(today):
            what = f"it is deprecated and past its sunset, {deprecation.sunset}"
            yield Problem(what, f"metric {name}", "remove it, or give it more time")


def _golden_problems(
    reviewed: RevisionReview, target: Target, data: Path | None
) -> Iterator[Problem]:
    after = reviewed.artifacts[1]
    if after.files is None or after.is_empty:
        return
    golden_on = golden_target(target)
    if golden_on is None:
        say("golden values were left out: the profile has no target of type duckdb to build on")
        return
    if golden_on != target:
        say(
            f"golden values hold on the data of {FILE}: they are asked of "
            f"the target {golden_on.name}"
        )
        after = artifacts_of(after.revision, golden_on)
    side = built(after, find_data(after, golden_on, data), golden_on)
    with golden_at(after.revision, target.project_directory) as directory:

        def check() -> list[str]:
            # Who finds that nothing changed need not wait for MetricFlow.
            from metrics_store.query.metric_store import open_store  # noqa: PLC0415
            from metrics_store.review.golden.golden_check import check_golden  # noqa: PLC0415

            return [drift.sentence() for drift in check_golden(directory, open_store(side))]

        # What was found lies beside what was asked, and goes with it.
        file = side.project_directory.parent / _FOUND
        key = key_of(program_digest(), golden_digest(directory))
        drifts: list[str] = kept_result(file, key, check)
    for drift in drifts:
        remedy = "if it is meant, run `metrics golden --update` and show it in the change"
        yield Problem(drift, "golden values", remedy)
