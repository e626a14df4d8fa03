"""The report for a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from metrics_store.review.report import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLOURS = {"major": "bold red", "minor": "bold yellow", "patch": "bold blue", "none": "bold green"}
_LEFT = 7
_MOST_MODELS = 40
_MOST_SLICES = 3


def as_terminal(document: dict[str, Any], width: int = 100, *, colour: bool = False) -> str:
    """Write a review for a terminal of so many characters."""
    console = Console(
        file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour, highlight=False
    )
    names = [sentences.revision(document[side]) for side in ("base", "head")]
    console.print(escape(" → ".join(names)))
    console.print(f"{_tier(document['tier'])} {escape(sentences.summary(document))}")
    for change in document["changes"]:
        console.print()
        console.print(
            f"{_tier(change['tier'])} {escape(sentences.heading(change))}", soft_wrap=True
        )
        for line in _details(change):
            console.print(Padding(line, (0, 0, 0, _LEFT)))
    for heading, lines in [*_problems(document), *_values(document), *_sections(document)]:
        if lines:
            console.print(f"\n[bold]{heading}[/bold]")
            for line in lines:
                # What does not fit goes on where its line began.
                text = line.lstrip(" ")
                console.print(Padding(text, (0, 0, 0, 2 + len(line) - len(text))))
    output = console.file
    assert isinstance(output, io.StringIO)  # noqa: S101 - made above
    return "\n".join(line.rstrip() for line in output.getvalue().splitlines()) + "\n"


def _tier(tier: str) -> str:
    return f"[{_COLOURS[tier]}]{tier.upper():<{_LEFT - 1}}[/]"


def _details(change: dict[str, Any]) -> Iterator[str]:
    if facts := sentences.facts(change):
        yield f"[dim]{escape(facts)}[/dim]"
    if likely := sentences.likely(change):
        yield escape(likely)
    for field in change["fields"]:
        yield from _field(field)
    if causes := sentences.causes(change):
        yield escape(causes)


def _field(field: dict[str, Any]) -> Iterator[str]:
    name = escape(field["name"])
    if field["gone"] or field["come"]:
        signs = [f"[red]-{escape(one)}[/red]" for one in field["gone"]]
        signs += [f"[green]+{escape(one)}[/green]" for one in field["come"]]
        yield f"{name}: {' '.join(signs)}"
    elif field["through"] or field["old"] == field["new"]:
        yield f"{name}: {escape(field['new'])} [dim](what it is made of)[/dim]"
    else:
        yield f"{name}: [red]{escape(field['old'] or '(nothing)')}[/red]"
        arrow = " " * (len(field["name"])) + "→"
        yield f"{arrow} [green]{escape(field['new'] or '(nothing)')}[/green]"


def _problems(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    yield "To be mended", [f"[red]{escape(one)}[/red]" for one in document["problems"]]


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


def _sections(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    yield (
        "More to group by",
        [
            f"{escape(', '.join(one['group_bys']))}: {len(one['metrics'])} metrics"
            for one in document["gained"]
        ],
    )
    yield (
        "Models whose SQL changed",
        [
            f"[bold]{escape(one['name'])}[/bold] {escape(sentences.model(one))}"
            for one in document["models"][:_MOST_MODELS]
        ],
    )
    yield (
        "Concerned",
        [
            f"{escape(one['kind'])} {escape(one['name'])}"
            + (f" [dim]({escape(one['owner'])})[/dim]" if one["owner"] else "")
            for one in document["impacts"]
        ],
    )
