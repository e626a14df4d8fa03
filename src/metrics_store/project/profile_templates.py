"""The templates of a dbt profile: mostly one environment variable, which needs no Jinja."""

from __future__ import annotations

import ast
import os
import re
from typing import TYPE_CHECKING, Any

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.nativetypes import NativeEnvironment

# `{{ env_var('NAME', 'default') | as_number }}`; texts with escapes are left to Jinja.
_TEXT = r"""(?:'([^'\\\n]*)'|"([^"\\\n]*)")"""
_VARIABLE = re.compile(
    rf"""\{{\{{\s*env_var\(\s*{_TEXT}\s*(?:,\s*{_TEXT}\s*)?\)\s*(?:\|\s*(\w+)\s*)?\}}\}}""",
    re.ASCII,
)


def render_template(text: str) -> Any:  # noqa: ANN401 - native values
    """Give the value of a template, as dbt does: of native types where it is one expression.

    Raises:
        MetricsStoreError: An environment variable that it needs is not set.
    """
    found = _VARIABLE.fullmatch(text)
    if found is None or (found[5] or "as_native") not in _FILTERS:
        return _environment().from_string(text).render()
    name, default = (
        one if one is not None else other for one, other in (found.group(1, 2), found.group(3, 4))
    )
    value = _FILTERS[found[5] or "as_native"](_env_var(name or "", default))
    if not isinstance(value, str) or value.startswith((" ", "\t")):
        return value
    try:
        # Jinja's native templates read values so.
        return ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError):
        return value


def _env_var(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise MetricsStoreError(
            f"the environment variable {name} is not set",
            where="profiles.yml",
            remedy=f"export {name} before you use this target",
        )
    return value


_FILTERS: dict[str, Callable[[str], Any]] = {
    "as_number": lambda text: float(text) if "." in str(text) else int(text),
    "as_native": lambda text: text,
    "as_bool": lambda text: str(text).lower() == "true",
}


def _environment() -> NativeEnvironment:
    # Jinja takes longer to import than a short profile to be read.
    from jinja2 import Undefined  # noqa: PLC0415
    from jinja2.nativetypes import NativeEnvironment  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    class SandboxedNativeEnvironment(SandboxedEnvironment, NativeEnvironment):
        """dbt's profile templates, with native types and without access to internals."""

    environment = SandboxedNativeEnvironment(undefined=Undefined, autoescape=False)
    environment.globals["env_var"] = _env_var
    environment.filters.update(_FILTERS)
    return environment
