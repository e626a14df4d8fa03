"""A template of one variable is read without Jinja, and gives what Jinja gives."""

from __future__ import annotations

import pytest

from metrics_store.errors import MetricsStoreError
from metrics_store.project.profile_templates import _VARIABLE, _environment, render_template

_SET = {
    "A_TEXT": "warehouse/x.duckdb",
    "A_NUMBER": "5432",
    "A_FLOAT": "0.5",
    "A_TRUTH": "True",
    "A_WORD": "true",
    "A_LIST": "['a', 'b']",
    "A_PASSWORD": 'it\'s "{{ quoted }}" \\n',
    "A_BLANK": " 5432",
    "EMPTY": "",
}


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _SET.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("UNSET", raising=False)


@pytest.mark.parametrize(
    "template",
    [
        *(f"{{{{ env_var('{name}') }}}}" for name in _SET),
        *(f'{{{{env_var("{name}", "x")}}}}' for name in _SET),
        "{{ env_var('UNSET', '') }}",
        "{{ env_var('UNSET', 'a b') }}",
        "{{ env_var('UNSET', '7') }}",
        "{{ env_var('A_NUMBER') | as_number }}",
        "{{ env_var('A_FLOAT') | as_number }}",
        "{{ env_var('A_NUMBER') | as_native }}",
        "{{ env_var('A_WORD', 'False') | as_bool }}",
        "{{ env_var('UNSET', 'False') | as_bool }}",
    ],
)
def test_one_variable(template: str) -> None:
    assert _VARIABLE.fullmatch(template)
    by_jinja = _environment().from_string(template).render()
    found = render_template(template)
    assert (found, type(found)) == (by_jinja, type(by_jinja))


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ env_var('A_TEXT') }}.old", "warehouse/x.duckdb.old"),
        ("{{ env_var('A_TEXT') | upper }}", "WAREHOUSE/X.DUCKDB"),
        ("{{ env_var('A_' ~ 'NUMBER') | as_number }}", 5432),
        (r"{{ env_var('UNSET', 'it\'s') }}", "it's"),
        ("{% if true %}{{ env_var('A_WORD') }}{% endif %}", "true"),
    ],
)
def test_everything_else_is_left_to_jinja(template: str, value: object) -> None:
    assert render_template(template) == value


def test_a_variable_that_is_not_set() -> None:
    with pytest.raises(MetricsStoreError, match="UNSET is not set"):
        render_template("{{ env_var('UNSET') }}")
