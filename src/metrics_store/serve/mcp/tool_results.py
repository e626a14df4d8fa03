"""The results of tools."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pyarrow as pa
from mcp_types import CallToolResult, TextContent
from pydantic import BaseModel, ConfigDict, Field

from metrics_store.query.output.column_units import is_metric
from metrics_store.query.output.text_formats import as_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from metrics_store.query.definitions.definition_entries import (
        DimensionDefinition,
        EntityDefinition,
        MetricDefinition,
        SavedQueryDefinition,
    )
    from metrics_store.query.definitions.definitions import Definitions
    from metrics_store.query.definitions.pages import Page

Result = TypeVar("Result")


class Pagination(BaseModel):
    """Whether there is more, and where."""

    has_more: bool
    next_page: int | None = None
    total_items: int


class ResultPage(BaseModel, Generic[Result]):
    """One page of a list."""

    result: Result
    pagination: Pagination


class Dimension(BaseModel):
    """One dimension."""

    name: str
    type: str
    description: str
    label: str | None
    granularities: list[str]
    metadata: dict[str, Any]


class Entity(BaseModel):
    """One entity."""

    name: str
    type: str
    description: str


class SavedQuery(BaseModel):
    """One saved query."""

    name: str
    label: str
    description: str
    metrics: list[str]
    group_by: list[str]
    where: str | None


class ResultWithWarnings(BaseModel):
    """A result that may come with warnings."""

    warnings: list[str] = Field(
        default=[], description="What is to be known of the metrics asked for; left out without."
    )


class DimensionValues(ResultWithWarnings):
    """The values of a dimension as texts, and whether there are more of them."""

    values: list[str]
    truncated: bool


class TextResult(ResultWithWarnings):
    """A text: rows as CSV or as a JSON list, or SQL."""

    # The title in the tools' schemas, which clients have had since the first version.
    model_config = ConfigDict(title="Said")

    result: str
    note: str = Field(default="", description="What to know of an empty answer; else left out.")


def text_result(result: str, warnings: Sequence[str], note: str = "") -> CallToolResult:
    """Give a text, with the warnings, and what else is to be known, in texts of their own."""
    return with_warnings(result, TextResult(result=result, note=note), warnings)


def with_warnings(text: str, result: ResultWithWarnings, warnings: Sequence[str]) -> CallToolResult:
    """Give a result as assistants read it, which look at its texts or at its structure."""
    warned = result.model_copy(update={"warnings": list(warnings)})
    more = [f"warning: {one}" for one in warnings]
    if isinstance(result, TextResult) and result.note:
        more.append(result.note)
    return CallToolResult(
        content=[TextContent(text=one) for one in (text, *more)],
        structured_content=warned.model_dump(mode="json", exclude_defaults=True),
    )


def with_notes(result: CallToolResult, **notes: str | Sequence[str]) -> CallToolResult:
    """Give a result whose metadata has these notes, such as the roll-ups that it comes from."""
    meta = {
        name: said if isinstance(said, str) else list(said) for name, said in notes.items() if said
    }
    return result.model_copy(update={"meta": meta}) if meta else result


def pagination_of(page: Page[Any]) -> Pagination:
    """Say where a page stands."""
    has_more = page.page_num < page.total_pages
    return Pagination(
        has_more=has_more,
        next_page=page.page_num + 1 if has_more else None,
        total_items=page.total_items,
    )


def metrics_csv(metrics: Iterable[MetricDefinition], definitions: Definitions) -> str:
    """Give metrics as CSV with a header; the most to read in the fewest signs."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "type", "label", "description", "metadata", "dimensions", "entities"])
    for metric in metrics:
        dimensions = definitions.dimensions([metric.name])
        entities = definitions.entities([metric.name])
        writer.writerow(
            [
                metric.name,
                metric.type,
                metric.label,
                metric.description,
                json.dumps(metric.meta, default=str, sort_keys=True),
                ",".join(one.qualified_name for one in dimensions),
                ",".join(one.name for one in entities),
            ]
        )
    return text.getvalue().rstrip("\n")


def dimension_of(dimension: DimensionDefinition) -> Dimension:
    """Describe a dimension."""
    return Dimension(
        name=dimension.qualified_name,
        type=dimension.type,
        description=dimension.description,
        label=dimension.label,
        granularities=list(dimension.grains),
        metadata=json.loads(json.dumps(dimension.meta, default=str)),
    )


def entity_of(entity: EntityDefinition) -> Entity:
    """Describe an entity."""
    return Entity(name=entity.name, type=entity.type, description=entity.description)


def saved_query_of(saved: SavedQueryDefinition) -> SavedQuery:
    """Describe a saved query."""
    return SavedQuery(
        name=saved.name,
        label=saved.label,
        description=saved.description,
        metrics=list(saved.metrics),
        group_by=[one.requested_as for one in saved.group_by],
        where=saved.where_template,
    )


def short_csv(table: pa.Table) -> str:
    """Give rows as CSV, days without a time of day."""
    return as_csv(_with_days(table))


def is_empty(table: pa.Table) -> bool:
    """Whether no row has a value of a metric."""
    metrics = [
        column
        for column, field in zip(table.columns, table.schema, strict=True)
        if is_metric(field)
    ]
    return len(table) == 0 or (bool(metrics) and all(one.null_count == len(one) for one in metrics))


def _with_days(table: pa.Table) -> pa.Table:
    for number, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            times = table.column(number)
            days = times.cast(pa.date32())
            if days.cast(field.type).equals(times):
                table = table.set_column(number, field.name, days)
    return table


def values_of(table: pa.Table, limit: int, search: str | None, most: int) -> DimensionValues:
    """Give the values in the one column of a table, those with a text where one is searched.

    Args:
        table: The table.
        limit: Greatest number to give.
        search: The text.
        most: As many rows as the table may have; where it has them there may be more.
    """
    wanted = (search or "").strip().lower()
    found = [str(value) for value in _with_days(table).column(0).to_pylist() if value is not None]
    found = [value for value in found if wanted in value.lower()]
    return DimensionValues(values=found[:limit], truncated=len(found) > limit or len(table) >= most)
