"""The parts of a model that compiled SQL does not show: incremental branches, hooks, macros."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

import jinja2

from metrics_store.review.relations.fingerprints import fingerprint
from metrics_store.review.relations.token_streams import jinja_tokens, template_tokens, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_Tokens: TypeAlias = "list[tuple[str, str]]"

# What a template may ask of the warehouse or the run, beside `is_incremental()`.
_STATE = {"this", "flags", "adapter", "run_query", "load_relation", "execute", "is_incremental"}
# Macros of dbt itself and of its adapters change with dbt, not with the project.
_PACKAGES_OF_DBT = re.compile(r"dbt(_(duckdb|postgres|spark|snowflake|bigquery|redshift))?")


class Macros:
    """The macros of a project and of the packages that it uses, those of dbt excepted.

    Args:
        manifest: dbt's manifest.
        dialect: The dialect of the SQL.
        variables: The project's variables, also by package, as `dbt_project.yml` has them.
    """

    def __init__(
        self,
        manifest: dict[str, Any],
        dialect: str,
        variables: Mapping[str, Any] | None = None,
    ) -> None:
        self._dialect = dialect
        self._variables = _by_name(variables or {})
        self._macros = {
            key: macro
            for key, macro in (manifest.get("macros") or {}).items()
            if not _PACKAGES_OF_DBT.fullmatch(macro["package_name"])
        }
        self._tokens: dict[str, str] = {}

    def named(self, names: Iterable[str]) -> list[str]:
        """Give the ids of the macros with one of these names."""
        wanted = set(names)
        return [key for key, macro in self._macros.items() if macro["name"] in wanted]

    def fingerprint(self, ids: Iterable[str]) -> str:
        """Give the fingerprint of macros and of all that they call."""
        return fingerprint("macros", sorted(self._text(key) for key in self._reached(ids)))

    def variables(self, tokens: _Tokens, ids: Iterable[str]) -> list[str]:
        """Give the variables that tokens and macros speak of, each with its value."""
        spoken = [*tokens, *(token for key in self._reached(ids) for token in self._lexed(key))]
        texts = {text.strip("'\"") for kind, text in spoken if kind == "string"}
        return [f"{name} {self._variables[name]}" for name in sorted(texts & set(self._variables))]

    def _reached(self, ids: Iterable[str]) -> set[str]:
        reached: set[str] = set()
        waiting = list(ids)
        while waiting:
            key = waiting.pop()
            if key not in reached and key in self._macros:
                reached.add(key)
                waiting += self._macros[key]["depends_on"]["macros"]
        return reached

    def reads_state(self, ids: Iterable[str]) -> bool:
        """Say whether macros, or those they call, ask for the state of the warehouse or the run."""
        return any(_mentions_state(self._lexed(key)) for key in self._reached(ids))

    def _lexed(self, key: str) -> _Tokens:
        try:
            return jinja_tokens(self._macros[key]["macro_sql"])
        except jinja2.TemplateSyntaxError:
            return [("name", "this")]

    def _text(self, key: str) -> str:
        if key not in self._tokens:
            tokens = template_tokens(self._macros[key]["macro_sql"], self._dialect)
            self._tokens[key] = fingerprint("template", tokens)
        return self._tokens[key]


def template_fingerprint(node: dict[str, Any], macros: Macros, dialect: str) -> str:
    """Give the fingerprint of a whole template and of the macros that it calls."""
    code = node.get("raw_code") or ""
    called = node["depends_on"]["macros"]
    try:
        variables = macros.variables(jinja_tokens(code), called)
    except jinja2.TemplateSyntaxError:
        variables = []
    tokens = template_tokens(code, dialect)
    return fingerprint("template", tokens, macros.fingerprint(called), variables)


def incremental_fingerprint(node: dict[str, Any], macros: Macros, dialect: str) -> str:
    """Give the fingerprint of what a model does in an incremental run only.

    Args:
        node: The model's node.
        macros: The project's macros.
        dialect: The dialect of the SQL.

    Returns:
        The fingerprint of the blocks under `is_incremental()`, of what they use and call; of the
        whole template where it asks for the state in another way.
    """
    called = node["depends_on"]["macros"]
    try:
        tokens = jinja_tokens(node["raw_code"])
    except jinja2.TemplateSyntaxError:
        return template_fingerprint(node, macros, dialect)
    inside, outside = _split(tokens)
    if macros.reads_state(called) or _mentions_state(outside):
        return template_fingerprint(node, macros, dialect)
    used = _with_assignments(inside, outside)
    names = {text for kind, text in used if kind == "name"}
    used_macros = macros.named(names)
    return fingerprint(
        "incremental",
        tokens_of(used, dialect),
        macros.fingerprint(used_macros),
        macros.variables(used, used_macros),
    )


def _by_name(variables: Mapping[str, Any]) -> dict[str, str]:
    """Give the values of variables by name; of one that packages set too, all of them."""
    found: dict[str, list[Any]] = {}
    for name, value in variables.items():
        found.setdefault(name, []).append(value)
        if isinstance(value, dict):
            for inner, one in value.items():
                found.setdefault(str(inner), []).append(one)
    return {name: json.dumps(values, sort_keys=True, default=str) for name, values in found.items()}


def _mentions_state(tokens: _Tokens) -> bool:
    names = _names(tokens)
    # Which macro an adapter dispatches to, dbt itself names among those that are called.
    return any(
        name in _STATE and (name, following) != ("adapter", "dispatch")
        for name, following in pairwise([*names, ""])
    )


def _statements(tokens: _Tokens) -> Iterable[_Tokens]:
    """Give the blocks, expressions and texts of a template."""
    current: _Tokens = []
    for kind, text in tokens:
        current.append((kind, text))
        if kind == "data" or kind.endswith("_end"):
            yield current
            current = []
    if current:
        yield current


def _names(statement: _Tokens) -> list[str]:
    return [text for kind, text in statement if kind == "name"]


def _split(tokens: _Tokens) -> tuple[_Tokens, _Tokens]:
    """Part what stands in blocks under a test of `is_incremental()` from the rest."""
    inside: _Tokens = []
    outside: _Tokens = []
    depth = 0
    for statement in _statements(tokens):
        names = _names(statement)
        is_block = statement[0][0] == "block_begin"
        opens = is_block and names[:1] == ["if"]
        if depth == 0 and not (opens and "is_incremental" in names):
            outside += statement
            continue
        inside += statement
        depth += 1 if opens else -1 if is_block and names[:1] == ["endif"] else 0
    return inside, outside


def _with_assignments(inside: _Tokens, outside: _Tokens) -> _Tokens:
    """Add the `set` statements whose variables are used, and those that these use."""
    statements = [
        each
        for each in _statements(outside)
        if each[0][0] == "block_begin" and _names(each)[:1] == ["set"]
    ]
    used = list(inside)
    while True:
        names = {text for kind, text in used if kind == "name"}
        needed = [each for each in statements if names.intersection(_names(each)[1:2])]
        if not needed:
            return used
        statements = [each for each in statements if each not in needed]
        used += [token for each in needed for token in each]
