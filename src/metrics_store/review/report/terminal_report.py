"""The report for a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.text import Text

from metrics_store.review.report import block_sentences, sentences
from metrics_store.review.report.change_blocks import TIERS, Block, change_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from metrics_store.review.report.change_blocks import Blocks

_COLOURS = {"major": "bold red", "minor": "bold yellow", "patch": "bold blue", "none": "bold green"}
_LEFT = 7
_HANGING = 2
_MOST_MODELS = 20
_MOST_NEW = 6
_MOST_WORDED = 6
_MOST_SLICES = 3


def as_terminal(document: dict[str, Any], width: int = 100, *, colour: bool = False) -> str:
    """Write a review for a terminal of so many characters.

    Each cause comes with what follows from it; what must be mended stands at the end, where whoever
    waits for it looks first.
    """
    console = Console(
        file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour, highlight=False
    )
    names = [sentences.revision(document[side]) for side in ("base", "head")]
    console.print(escape(" → ".join(names)))
    console.print(f"{_tier(document['tier'])} {escape(sentences.summary(document))}")
    blocks = change_blocks(document)
    shown = [*_shown(blocks.causes)]
    _print_blocks(console, [one for one in shown if one.tier == TIERS[0]])
    for joint in blocks.joint:
        heading = f"{_tier(TIERS[0])} {escape(block_sentences.because(joint.causes))}"
        console.print()
        _print_line(console, heading, hanging=_LEFT)
        for line in _follows(joint.follows):
            _print_line(console, " " * _LEFT + line)
    _print_blocks(console, [one for one in shown if one.tier != TIERS[0]])
    sections = [
        *_sections(document, blocks), *_values(document), *_concerned(document),
        *_problems(document),
    ]  # fmt: skip
    for heading, lines in sections:
        if lines:
            _print_section(console, heading, lines)
    output = console.file
    assert isinstance(output, io.StringIO)  # noqa: S101 - made above
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines()) + "\n"


def _print_blocks(console: Console, blocks: Iterable[Block]) -> None:
    for block in blocks:
        console.print()
        heading = f"{_tier(block.tier)} {escape(block_sentences.heading(block))}"
        _print_line(console, heading, hanging=_LEFT)
        for line in _details(block):
            _print_line(console, " " * _LEFT + line)


def _print_section(console: Console, heading: str, lines: Iterable[str]) -> None:
    console.print()
    _print_line(console, f"[bold]{heading}[/bold]")
    for line in lines:
        _print_line(console, "  " + line)


def _print_line(console: Console, line: str, hanging: int = _HANGING) -> None:
    """Print a line; what does not fit goes on a bit further to the right than it began."""
    content = line.lstrip(" ")
    indent = len(line) - len(content)
    wrapped = Text.from_markup(content).wrap(console, max(console.width - indent - hanging, 20))
    for position, part in enumerate(wrapped):
        part.rstrip()
        part.pad_left(indent + (hanging if position else 0))
        console.print(part, soft_wrap=True)


def _tier(tier: str) -> str:
    return f"[{_COLOURS[tier]}]{tier.upper():<{_LEFT - 1}}[/]"


def _shown(blocks: Sequence[Block]) -> Iterator[Block]:
    """Give the blocks; of many new metrics those beyond the first are told as one."""
    new = [one for one in blocks if one.changes and one.changes[0]["action"] == "added"]
    metrics = [one for one in new if one.changes[0]["kind"] == "metric"]
    rest = metrics[_MOST_NEW:] if len(metrics) > _MOST_NEW + 1 else []
    for block in blocks:
        if block not in rest:
            yield block
    if rest:
        yield Block([change for one in rest for change in one.changes])


def _details(block: Block) -> Iterator[str]:
    if facts := block_sentences.facts(block):
        yield f"[dim]{escape(facts)}[/dim]"
    if block.changes and (likely := sentences.likely(block.changes[0])):
        yield escape(likely)
    yield from map(escape, block_sentences.meaning(block))
    for field in block_sentences.fields(block):
        yield from _field(field)
    if block.changes and (causes := sentences.causes(block.changes[0])):
        yield escape(causes)
    yield from _follows(block.follows)


def _follows(changes: Sequence[dict[str, Any]]) -> Iterator[str]:
    lines = block_sentences.follows(changes)
    if lines:
        yield "[bold]differs with it[/bold]"
        yield from (f"  {escape(line)}" for line in lines)
    worded = block_sentences.also(changes)
    for names, field in worded[:_MOST_WORDED]:
        first, *more = _field(field)
        yield f"  {escape(names)}, {first}"
        yield from (f"  {line}" for line in more)
    if len(worded) > _MOST_WORDED + 1:
        yield f"  and {len(worded) - _MOST_WORDED} more in words"


def _field(field: dict[str, Any]) -> Iterator[str]:
    name = escape(field["name"])
    if field["gone"] or field["come"]:
        signs = [f"[red]-{escape(one)}[/red]" for one in field["gone"]]
        signs += [f"[green]+{escape(one)}[/green]" for one in field["come"]]
        yield f"{name}: {' '.join(signs)}"
    elif field["through"] or field["old"] == field["new"]:
        yield f"{name}: {escape(field['new'])} [dim](what it is made of)[/dim]"
    else:
        was, is_now = field["old"] or "(nothing)", field["new"] or "(nothing)"
        lead = f"{name}: "
        for old, new in block_sentences.reworded(was, is_now):
            yield f"{lead}[red]{escape(old)}[/red]"
            yield f"  → [green]{escape(new)}[/green]"
            lead = "  "


def _problems(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    lines = []
    for one in document["problem_groups"]:
        first, *more = block_sentences.problem(one)
        lines += [f"[red]{escape(first)}[/red]", *map(escape, more)]
        lines.append(f"  → {escape(one['remedy'])}")
    yield "To be mended", lines


def _values(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    values = document["values"]
    if values is None:
        return
    yield "Both sides are built on", [escape(values["data"])]
    yield (
        "Moved though nothing beneath changed",
        [line for one in values["unexplained"] for line in _moved(one)],
    )
    yield "What moved", [line for one in values["moved"] for line in _moved(one)]
    yield "What stayed", [escape(sentences.stayed(values))] if sentences.stayed(values) else []


def _moved(one: dict[str, Any]) -> Iterator[str]:
    total = f" in total {escape(sentences.moved(one['total']))}" if one["total"] else ""
    yield f"[bold]{escape(one['metric'])}[/bold]{total}"
    for question in one["questions"]:
        if one["total"] and not question["group_by"]:
            continue
        yield f"  {escape(question['question'])}: {escape(sentences.compared(question))}"
        for slice_ in question["largest"][:_MOST_SLICES] if question["group_by"] else ():
            text = sentences.slice_of(slice_, question["group_by"])
            yield f"    {escape(text)}: {escape(sentences.moved(slice_))}"
        if chart := question["chart"]:
            for side, name in (("old", "before"), ("new", "after ")):
                yield f"    [dim]{name}[/dim] {chart['text'][side]}"


def _sections(document: dict[str, Any], blocks: Blocks) -> Iterator[tuple[str, list[str]]]:
    yield (
        "What metrics can be grouped by",
        [escape(block_sentences.group_bys(one)) for one in document["group_bys"]],
    )
    models = [
        f"[bold]{escape(one['name'])}[/bold] {escape(sentences.model(one))}"
        for one in blocks.others
    ]
    more = len(models) - _MOST_MODELS
    if more > 1:
        models = [*models[:_MOST_MODELS], f"and {more} models more"]
    yield "Other models whose SQL changed, which no definition follows", models


def _concerned(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    lines = []
    for one in document["concerned"]:
        lines.append(f"[bold]{escape(one['owner'] or 'nobody is named')}[/bold]")
        lines += [f"  {escape(line)}" for line in block_sentences.concerned(one["what"])]
    yield "Concerned", lines
