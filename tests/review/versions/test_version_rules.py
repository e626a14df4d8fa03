"""The rules that a change of metrics must keep."""

from __future__ import annotations

import pytest

from metrics_store.review.changes.project_review import Review, review
from metrics_store.review.definitions.definition import Definition, Kind, value_field
from metrics_store.review.definitions.descriptive_fields import descriptive_fields
from metrics_store.review.projects.project_definitions import ProjectDefinitions
from metrics_store.review.versions.metric_owners import read_owners
from metrics_store.review.versions.version_rules import RuleContext, find_problems

CERTIFIED = {"tier": "certified", "owner": "till", "version": "1.0.0"}
TOLD = ("- `revenue` counts net of tax.",)


def metric(
    name: str = "revenue", *, expression: str = "amount", words: str = "", **meta: object
) -> Definition:
    fields = [
        value_field("type", "simple"),
        value_field("measure.expression", expression),
        *descriptive_fields({"description": words, "label": name, "config": {"meta": meta}}),
    ]
    return Definition(Kind.METRIC, name, {one.name: one for one in fields}, meta=meta, label=name)


def project(*metrics: Definition) -> ProjectDefinitions:
    return ProjectDefinitions({one.identity: one for one in metrics})


def reviewed(before: list[Definition], after: list[Definition]) -> Review:
    return review(project(*before), project(*after), "duckdb")


def found(before: Definition, after: Definition, **around: object) -> list[str]:
    rule_context = RuleContext(**{"changelog": TOLD, **around})  # type: ignore[arg-type]
    return [one.what for one in find_problems(reviewed([before], [after]), rule_context)]


def test_a_change_of_value_without_a_higher_version_is_refused() -> None:
    before, after = metric(version="1.4.2"), metric(expression="net", version="1.5.0")
    [problem] = find_problems(reviewed([before], [after]), RuleContext(TOLD))
    assert "left its version at 1.5.0" in problem.what
    assert "measure.expression" in problem.what
    assert problem.remedy.endswith("2.0.0")


def test_a_change_of_value_with_a_higher_version_is_fine() -> None:
    assert found(metric(version="1.4.2"), metric(expression="net", version="2.0.0")) == []


def test_words_need_no_version() -> None:
    assert (
        found(metric(version="1.0.0"), metric(words="Other", version="1.0.0"), changelog=()) == []
    )


def test_a_metric_without_version_may_change() -> None:
    assert found(metric(), metric(expression="net")) == []


def test_a_version_is_not_lost_with_a_change() -> None:
    assert found(metric(version="1.0.0"), metric(expression="net")) == ["it has lost its version"]


def test_a_version_of_another_form_is_refused() -> None:
    assert found(metric(version="1.0.0"), metric(expression="net", version="two")) == [
        "its version two cannot be understood"
    ]


@pytest.mark.parametrize(
    "line", ["", "- gross_revenue and revenue_net are other metrics", "- Revenue"]
)
def test_a_change_of_value_is_told_by_the_metrics_name(line: str) -> None:
    before, after = metric(version="1.0.0"), metric(expression="net", version="2.0.0")
    assert found(before, after, changelog=(line,)) == [
        "its numbers can differ, and the changelog does not tell it"
    ]


def test_a_metric_that_goes_is_told() -> None:
    [problem] = find_problems(reviewed([metric()], []), RuleContext())
    assert problem.what == "it was removed, and the changelog does not tell it"


def test_an_owner_agrees_to_a_change_of_a_certified_metric() -> None:
    before = metric(**CERTIFIED)
    after = metric(expression="net", **{**CERTIFIED, "version": "2.0.0"})
    owners = read_owners("* @till")
    [refused] = found(before, after, owners=owners, approvers=("somebody",))
    assert "none of its owners agreed" in refused
    assert found(before, after, owners=owners, approvers=("Till",)) == []
    assert found(before, after, owners=None) == []


def test_a_certified_metric_is_not_freed_of_its_owner_by_the_change_itself() -> None:
    after = metric(expression="net", version="2.0.0", owner="till", tier="draft")
    [refused] = found(metric(**CERTIFIED), after, owners=read_owners("* @till"))
    assert "none of its owners agreed" in refused


def test_a_certified_metric_that_nobody_owns_cannot_be_approved() -> None:
    after = metric(expression="net", **{**CERTIFIED, "version": "2.0.0"})
    owners = read_owners("other_* @till")
    assert found(metric(**CERTIFIED), after, owners=owners, approvers=("till",)) == [
        "it is certified and nobody owns it"
    ]


def test_a_certified_metric_has_version_and_owner() -> None:
    one = metric(tier="certified")
    assert found(one, one) == [
        "it is certified and has no version",
        "it is certified and has no owner",
    ]


def test_a_renamed_metric_keeps_the_rules_under_its_old_name() -> None:
    old, new = metric(**CERTIFIED), metric("turnover", **CERTIFIED)
    said = [one.what for one in find_problems(reviewed([old], [new]), RuleContext(TOLD))]
    assert len(said) == 1
    assert said[0].startswith("a major change (renamed) left its version at 1.0.0")


def test_a_first_unit_is_no_major_change() -> None:
    assert found(metric(version="1.0.0"), metric(version="1.0.0", unit="euro"), changelog=()) == []
    [refused] = found(metric(version="1.0.0", unit="euro"), metric(version="1.0.0", unit="dollar"))
    assert "config.meta.unit" in refused
