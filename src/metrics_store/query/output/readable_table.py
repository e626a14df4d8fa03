"""Answers as tables for people: short heads, values in their units, blocks where lines end."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from metrics_store.query.output.column_units import is_metric, unit_name_of, unit_of
from metrics_store.query.output.text_formats import cell_width, is_number, printable
from metrics_store.query.output.value_texts import RATIO, grain_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa

_GAP = "  "
_TOTAL = "total"
_CUT_OFF = "\u2026"
# Of a text that is cut off so much can be read.
_NARROWEST = 16


def as_readable_table(answer: pa.Table, width: int, total: pa.Table | None = None) -> str:
    """Show an answer as people read it.

    Args:
        answer: The answer.
        width: How many characters fit on a line. Metrics that do not fit stand in blocks below,
            each with the group-bys again; long texts of these are cut off.
        total: The same metrics without group-bys, shown as the last row.
    """
    heads = short_heads(answer.schema)
    units = [_unit(field) for field in answer.schema]
    columns = [
        _column(field, [head, unit], texts)
        for field, head, unit, texts in zip(
            answer.schema, heads, units, _texts(answer, total), strict=True
        )
    ]
    groups = [
        one for one, field in zip(columns, answer.schema, strict=True) if not is_metric(field)
    ]
    metrics = [one for one, field in zip(columns, answer.schema, strict=True) if is_metric(field)]
    widest = max((cell_width(one[0]) + len(_GAP) for one in metrics), default=0)
    groups = _narrowed(groups, width - widest)
    blocks = []
    for chosen in _chunks(groups, metrics, width):
        lines = [_GAP.join(row).rstrip() for row in zip(*chosen, strict=True)]
        if not lines[1]:
            del lines[1]
        if total is not None:
            lines.insert(-1, "\u2500" * max(map(cell_width, lines)))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def short_heads(schema: pa.Schema) -> list[str]:
    """Give what stands above each column: its name without its path where no other ends alike."""
    short = [_without_path(field) for field in schema]
    counts = Counter(short)
    return [
        str(field.name) if counts[head] > 1 else head
        for field, head in zip(schema, short, strict=True)
    ]


def _without_path(field: pa.Field) -> str:
    parts = str(field.name).split("__")
    if is_metric(field) or len(parts) == 1:
        return str(field.name)
    if grain_of(field) and parts[0] != "metric_time":
        return "__".join(parts[-2:])
    return parts[-1]


def _unit(field: pa.Field) -> str:
    return "" if unit_of(field) == RATIO else unit_name_of(field)


def _texts(answer: pa.Table, total: pa.Table | None) -> Iterator[list[str]]:
    """Give the texts of each column, the total's last, which has as many decimals as the others."""
    for position, field in enumerate(answer.schema):
        values = answer.column(position).to_pylist()
        if total is None:
            yield texts_of(field, values)
        elif is_metric(field):
            last = total.column(field.name).to_pylist() or [None]
            yield texts_of(field, [*values, *last])
        else:
            yield [*texts_of(field, values), _TOTAL if position == 0 else ""]


def _column(field: pa.Field, heads: Sequence[str], texts: Sequence[str]) -> list[str]:
    cells = [*heads, *map(printable, texts)]
    widths = [cell_width(one) for one in cells]
    gaps = [" " * (max(widths) - one) for one in widths]
    right = is_number(field)
    return [gap + cell if right else cell + gap for cell, gap in zip(cells, gaps, strict=True)]


def _narrowed(columns: list[list[str]], width: int) -> list[list[str]]:
    """Give columns that fit, the longest texts cut off at their ends, but none to nothing."""
    widths = [cell_width(one[0]) for one in columns]
    while sum(widths) + len(_GAP) * (len(widths) - 1) > width and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return [
        [_cut(cell, width) for cell in column]
        for column, width in zip(columns, widths, strict=True)
    ]


def _cut(cell: str, width: int) -> str:
    if cell_width(cell) <= width:
        return cell
    text = cell.rstrip()
    if cell_width(text) > width:
        while cell_width(text) >= width:
            text = text[:-1]
        text += _CUT_OFF
    return text + " " * (width - cell_width(text))


def _chunks(
    groups: list[list[str]], metrics: list[list[str]], width: int
) -> Iterator[list[list[str]]]:
    """Give the columns of each block: as many metrics as fit beside the group-bys, at least one."""
    taken, chosen = _width(groups), list[list[str]]()
    for one in metrics:
        if chosen and taken + len(_GAP) + cell_width(one[0]) > width:
            yield [*groups, *chosen]
            taken, chosen = _width(groups), []
        chosen.append(one)
        taken += len(_GAP) + cell_width(one[0])
    yield [*groups, *chosen]


def _width(columns: list[list[str]]) -> int:
    return sum(cell_width(one[0]) for one in columns) + len(_GAP) * (len(columns) - 1)
