"""Work that dbt does for nobody, spared in every process of the tests that is forked.

For each node it looks through all macros, several times over, makes messages that are shown
nowhere, and for each result what tells types. What dbt runs, and what it says, is the same without.
"""

from __future__ import annotations

import functools
import gc
from typing import TYPE_CHECKING, Any

from dbt.clients.jinja import MacroGenerator
from dbt.context.macros import MacroNamespace, MacroNamespaceBuilder
from dbt.tracking import track_behavior_change_warn
from dbt_common.clients import agate_helper
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager import EventManager

if TYPE_CHECKING:
    from collections.abc import Iterable, KeysView

_SILENT = (EventLevel.DEBUG, EventLevel.TEST)
# Shown by loggers of every level.
_PRINTED = ("PrintEvent", "ShowNode", "CompiledNode")

# It looks at no event of these levels.
_DEAF = (track_behavior_change_warn,)

_fire_event = EventManager.fire_event
_build_type_tester = agate_helper.build_type_tester
_build_namespace = MacroNamespaceBuilder.build_namespace
_Macros = dict[str, dict[str, Any]]


def take_shortcuts() -> None:
    """Have dbt take them, in this process and in those forked from it."""
    EventManager.fire_event = _fire_shown_event  # type: ignore[method-assign]
    MacroNamespaceBuilder.build_namespace = _copy_namespace  # type: ignore[method-assign]
    agate_helper.build_type_tester = _known_type_tester
    # Most of what it makes for a node stays until the end of it.
    gc.set_threshold(100_000, 50, 100)


def _fire_shown_event(
    self: EventManager,
    e: Any,  # noqa: ANN401 - dbt's own
    level: EventLevel | None = None,
    node: Any = None,  # noqa: ANN401 - dbt's own
    force_warn_or_error_handling: bool = False,  # noqa: FBT001, FBT002 - dbt's own
) -> None:
    """Leave out what is of the level of debugging, when no log is."""
    if (
        (level or e.level_tag()) in _SILENT
        and not force_warn_or_error_handling
        and all(callback in _DEAF for callback in self.callbacks)
        and type(e).__name__ not in _PRINTED
        and not any(logger.level in _SILENT for logger in self.loggers)
    ):
        return
    _fire_event(self, e, level, node, force_warn_or_error_handling)


@functools.cache
def _type_tester(*arguments: Any) -> Any:  # noqa: ANN401 - agate's own
    return _build_type_tester(*arguments)


def _known_type_tester(
    text_columns: Iterable[str], string_null_values: Iterable[str] | None = ("null", "")
) -> Any:  # noqa: ANN401 - agate's own
    """Give what tells the types of columns, which keeps nothing of the rows it saw."""
    nulls = None if string_null_values is None else tuple(string_null_values)
    return _type_tester(tuple(sorted(text_columns)), nulls)


class _Pattern:
    """Which macro each name finds, for the contexts of nodes of one package."""

    def __init__(self, namespace: MacroNamespace) -> None:
        self.macros: list[Any] = []
        numbers: dict[int, int] = {}

        def numbered(generators: dict[str, MacroGenerator]) -> dict[str, int]:
            for generator in generators.values():
                if numbers.setdefault(id(generator), len(numbers)) == len(self.macros):
                    self.macros.append(generator.macro)
            return {name: numbers[id(generator)] for name, generator in generators.items()}

        self.globals = numbered(namespace.global_namespace)
        self.locals = numbered(namespace.local_namespace)
        self.internal = numbered(namespace.global_project_namespace)
        self.packages = {name: numbered(macros) for name, macros in namespace.packages.items()}


class _Namespace(MacroNamespace):
    """A namespace that is searched once, instead of for each of its names."""

    def __init__(self, pattern: _Pattern, generators: list[MacroGenerator]) -> None:
        def named(numbers: dict[str, int]) -> dict[str, MacroGenerator]:
            return {name: generators[number] for name, number in numbers.items()}

        super().__init__(
            named(pattern.globals),
            named(pattern.locals),
            named(pattern.internal),
            {name: named(numbers) for name, numbers in pattern.packages.items()},
        )
        self._found: dict[str, Any] = {}
        for names in reversed(list(self._search_order())):
            self._found.update(names)

    def keys(self) -> KeysView[str]:
        return self._found.keys()

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - dbt's own
        return self._found[key]


_patterns: dict[tuple[Any, ...], tuple[list[Any], _Pattern]] = {}


def _copy_namespace(
    self: MacroNamespaceBuilder, macros_by_package: _Macros, ctx: dict[str, Any]
) -> MacroNamespace:
    """Give the namespace of a context by the pattern of the first one of the same macros."""
    macros = [macro for package in macros_by_package.values() for macro in package.values()]
    packages = (self.root_package, self.search_package, *self.internal_package_names_order)
    key = (*packages, *map(id, macros))
    if key not in _patterns:
        # With the macros, so that their identity is nobody else's later.
        _patterns[key] = macros, _Pattern(_build_namespace(self, macros_by_package, ctx))
    _, pattern = _patterns[key]
    return _Namespace(pattern, [_generator(macro, ctx, self) for macro in pattern.macros])


def _generator(
    macro: Any,  # noqa: ANN401 - dbt's own
    ctx: dict[str, Any],
    builder: MacroNamespaceBuilder,
) -> MacroGenerator:
    generator = MacroGenerator.__new__(MacroGenerator)
    generator.__dict__ = {
        "context": ctx,
        "macro": macro,
        "node": builder.node,
        "stack": builder.thread_ctx,
    }
    return generator
