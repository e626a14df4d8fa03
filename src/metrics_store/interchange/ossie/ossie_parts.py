"""The parts of an Ossie document that may have extensions, each with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlglot
from sqlglot.errors import SqlglotError

from metrics_store.interchange.expressions.unsayable import UnsayableError
from metrics_store.interchange.ossie.ossie_extensions import own_place, read_extension
from metrics_store.interchange.ossie.ossie_problems import path_of
from metrics_store.interchange.ossie.ossie_versions import SQL_DIALECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from metrics_store.interchange.ossie.ossie_problems import Step


@dataclass(frozen=True)
class OssiePart:
    """A semantic model, dataset, field or metric of a document.

    Attributes:
        kind: `model`, `dataset`, `field` or `metric`.
        steps: Where it stands.
        content: What it says.
    """

    kind: str
    steps: tuple[Step, ...]
    content: dict[str, Any]

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.content["name"])

    @property
    def extension(self) -> dict[str, Any] | None:
        """Our extension of it; nothing where it has none."""
        return read_extension(self.content)

    def path(self, *steps: Step) -> str:
        """Write the place of something in it."""
        return path_of([*self.steps, *steps])

    @property
    def extension_steps(self) -> list[Step]:
        """The place of what our extension of it says."""
        return [*self.steps, *own_place(self.content)]

    def parts(self) -> Iterator[OssiePart]:
        """Give the datasets and metrics of a semantic model, the fields of a dataset."""
        for name, kind in {"datasets": "dataset", "fields": "field", "metrics": "metric"}.items():
            for number, one in enumerate(self.content.get(name, ())):
                yield OssiePart(kind, (*self.steps, name, number), one)


def semantic_models(document: dict[str, Any]) -> Iterator[OssiePart]:
    """Give the semantic models of a document."""
    for number, one in enumerate(document["semantic_model"]):
        yield OssiePart("model", ("semantic_model", number), one)


def expression_text(part: dict[str, Any]) -> str:
    """Give an expression in the dialect that all read, or the first there is."""
    return str(_chosen(part)["expression"])


def parsed_expression(part: dict[str, Any]) -> exp.Expr:
    """Parse an expression.

    Raises:
        UnsayableError: It is in no dialect of SQL that can be parsed.
    """
    chosen = _chosen(part)
    dialect = SQL_DIALECTS.get(chosen["dialect"])
    if dialect is None:
        raise UnsayableError(f"its expression is in {chosen['dialect']}")
    try:
        return sqlglot.parse_one(f"({chosen['expression']}\n)", read=dialect).unnest()
    except SqlglotError as error:
        raise UnsayableError("its expression cannot be read") from error


def _chosen(part: dict[str, Any]) -> dict[str, Any]:
    dialects: list[dict[str, Any]] = part["expression"]["dialects"]
    order = {**dict.fromkeys(SQL_DIALECTS, 1), "ANSI_SQL": 0}
    return min(dialects, key=lambda one: order.get(one["dialect"], 2))
