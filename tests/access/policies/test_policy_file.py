"""A mistake in `access.yml` is said with its place, and never opens the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from access.star import star_planner
from metrics_store.access.policies.local_principal import local_principal
from metrics_store.access.policies.policies import Policies
from metrics_store.access.principal import LOCAL, Principal
from metrics_store.errors import MetricsStoreError, NotAllowedError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """
local: {name: here, groups: [everybody], attributes: {teams: EMEA, cities: [Rome, Oslo]}}
policies:
  - name: first
    to: {groups: [reps]}
    metrics: ["*"]
    dimensions: ["*", deal__account__industry]
  - name: second
    to: "*"
    metrics: [amount]
    rows:
      - {dimension: owner__team, in: caller.teams}
      - {dimension: owner, equals: 7}
"""


def _write(directory: Path, text: str) -> Path:
    (directory / "access.yml").write_text(text, encoding="utf-8")
    return directory


def test_a_good_file(tmp_path: Path) -> None:
    policies = Policies.load(_write(tmp_path, GOOD), star_planner().manifest)
    assert policies is not None
    assert policies.names == ["first", "second"]


def test_no_file(tmp_path: Path) -> None:
    assert Policies.load(tmp_path, star_planner().manifest) is None
    assert local_principal(tmp_path) is LOCAL


@pytest.mark.parametrize("text", ["", "policies: []", "# later"])
def test_an_empty_file_shows_nobody_anything(text: str, tmp_path: Path) -> None:
    policies = Policies.load(_write(tmp_path, text), star_planner().manifest)
    assert policies is not None
    assert policies.grant_for(Principal("ana")).permits == ()
    with pytest.raises(NotAllowedError, match="nobody at this machine"):
        policies.grant_for(LOCAL)


@pytest.mark.parametrize(
    ("old", "new", "what", "where", "expected"),
    [
        ("metrics: [amount]", "metrics: [amuont]", "no metric is named amuont", "[1] (second)",
         "amount"),
        ("metrics: [amount]", "metrics: [x*]", "has a name such as x*", "[1] (second)", ""),
        ("metrics: [amount]", "metrics: []", "another form", "policies[1] metrics", "at least 1"),
        ("metrics: [amount]", "metrics: amount", "another form", "[1] metrics", "list"),
        ("metrics: [amount]", "metrics: [1]", "another form", "[1] metrics[0]", "string"),
        ("    metrics: [amount]\n", "", "another form", "[1] metrics", "required"),
        ("    metrics: [amount]", "    metric: [amount]", "", "policies[1] metric", ""),
        ("rows:", "row:", "no such key: row", "policies[1] row", "rows"),
        ("policies:", "polices:", "no such key: polices", "polices", "policies"),
        ("dimension: owner__team", "dimension: owner__taem", "no dimension is named", "rows",
         "owner__team"),
        ("dimension: owner__team", "dimension: deal__created_on", "it is a time", "rows", ""),
        ("dimension: owner__team", "dimension: stage__owner__team", "leads to it", "rows", ""),
        ("dimension: owner__team", "dimension: metric_time", "no dimension is named", "rows", ""),
        ("deal__account__industry", "deal__account__industy", "no dimension is named", "[0]",
         "account__industry"),
        ("in: caller.teams", "in: EMEA", "another form", "rows[0]", "caller.teams"),
        ("in: caller.teams", "in: [caller.teams]", "another form", "in", "stands alone"),
        ("in: caller.teams", "in: []", "another form", "rows[0]", "at least one"),
        ("in: caller.teams", "in: [a], equals: b", "another form", "rows[0]", "either"),
        (", in: caller.teams", "", "another form", "rows[0]", "either"),
        ('to: "*"', "to: {}", "another form", "to", "at least one"),
        ('to: "*"', "to: everybody", "another form", "to", "groups"),
        ('to: "*"', "to: {everybody: true}", "another form", "to", "*"),
        ('to: "*"', 'to: {users: ["*@example.com"]}', "another form", "to", "no patterns"),
        ("    metrics: [amount]\n", "    metrics: [amount]\n    metrics: [deals]\n", "not YAML",
         "metrics stands twice", ""),
        ("local: {", "local: [", "not YAML", "access.yml", ""),
        ("groups: [everybody]", "groups: everybody", "another form", "local groups", "tuple"),
    ],
)  # fmt: skip
def test_mistakes(  # noqa: PLR0913, PLR0917
    old: str, new: str, what: str, where: str, expected: str, tmp_path: Path
) -> None:
    assert old in GOOD
    _write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(MetricsStoreError) as refused:
        Policies.load(tmp_path, star_planner().manifest)
    assert what in refused.value.what
    assert where in refused.value.where
    assert expected in refused.value.expected
    assert str(tmp_path) not in str(refused.value)


def test_rows_that_are_left_empty_are_not_all_rows(tmp_path: Path) -> None:
    for empty in ("rows:", "rows: []"):
        _write(tmp_path, GOOD.partition("rows:")[0] + empty)
        with pytest.raises(MetricsStoreError):
            Policies.load(tmp_path, star_planner().manifest)


def test_a_file_of_another_name_is_not_overlooked(tmp_path: Path) -> None:
    (tmp_path / "access.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(MetricsStoreError, match="another name"):
        Policies.load(tmp_path, star_planner().manifest)


def test_a_file_that_cannot_be_read_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "access.yml").symlink_to(tmp_path / "gone")
    with pytest.raises(MetricsStoreError, match="cannot be read"):
        Policies.load(tmp_path, star_planner().manifest)
    (tmp_path / "access.yml").unlink()
    (tmp_path / "access.yml").mkdir()
    with pytest.raises(MetricsStoreError, match="cannot be read"):
        Policies.load(tmp_path, star_planner().manifest)


def test_the_people_at_this_machine(tmp_path: Path) -> None:
    principal = local_principal(_write(tmp_path, GOOD))
    assert principal.name == "here"
    assert principal.groups == {"everybody"}
    assert principal.attributes == {"teams": ("EMEA",), "cities": ("Rome", "Oslo")}
    _write(tmp_path, "policies: []")
    with pytest.raises(NotAllowedError, match="nobody at this machine"):
        local_principal(tmp_path)
