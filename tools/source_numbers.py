"""How large and how tangled the source is, in numbers that a review compares.

python tools/source_numbers.py --against main
"""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import click
import grimp
import networkx as nx

PACKAGE = "metrics_store"
SOURCE = Path(__file__).parents[1] / "src"

# How many modules a folder holds at most, before its seams are looked for.
ROOMY = 12

# How many equal lines in a row count as a duplicate.
_DUPLICATE = 6


@dataclass(frozen=True)
class Number:
    """A number of the source tree, and what is counted, if there is something to look for."""

    name: str
    value: float
    found: tuple[str, ...] = ()


def _functions(path: Path, text: str) -> list[tuple[int, str]]:
    return [
        (node.end_lineno - node.lineno + 1, f"{path}: {node.name}")
        for node in ast.walk(ast.parse(text))  # noqa: TID251 - there is one thread
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno
    ]


def _duplicated(texts: dict[Path, str]) -> set[tuple[Path, int]]:
    places = defaultdict[tuple[str, ...], list[list[tuple[Path, int]]]](list)
    for path, text in texts.items():
        lines = [
            (line.strip(), (path, number))
            for number, line in enumerate(text.splitlines(), 1)
            if line.strip() and not line.startswith(("import ", "from "))
        ]
        for start in range(len(lines) - _DUPLICATE + 1):
            window = lines[start : start + _DUPLICATE]
            places[tuple(line for line, _ in window)].append([place for _, place in window])
    return {
        place
        for windows in places.values()
        if len(windows) > 1
        for window in windows
        for place in window
    }


def _neighbours(folder: str, importer: str, imported: str) -> tuple[str, str] | None:
    """Tell which modules or folders of a folder stand for an import, if it is one between them."""
    inside = f"{folder}."
    if not importer.startswith(inside) or not imported.startswith(inside):
        return None
    one, other = (name[len(inside) :].split(".")[0] for name in (importer, imported))
    return (one, other) if one != other else None


def _circles(source: Path, package: str) -> list[str]:
    """Find the modules and folders of a folder that import one another, directly or in a ring."""
    sys.path.insert(0, str(source))
    try:
        graph = grimp.build_graph(package, cache_dir=None)
    finally:
        sys.path.remove(str(source))
    imports = [
        (importer, imported)
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    ]
    return sorted(
        f"{folder}: {', '.join(sorted(circle))}"
        for folder in graph.modules
        if graph.find_children(folder)
        for circle in nx.strongly_connected_components(
            nx.DiGraph(filter(None, (_neighbours(folder, *one) for one in imports)))
        )
        if len(circle) > 1
    )


def measure(source: Path, package: str) -> list[Number]:
    """Count what a package holds, and what in it is hard to find one's way in.

    Args:
        source: The directory that holds the package.
        package: Its name.
    """
    texts = {
        path.relative_to(source): path.read_text()
        for path in sorted((source / package).rglob("*.py"))
    }
    lines = {path: len(text.splitlines()) for path, text in texts.items()}
    longest = max(lines, key=lines.__getitem__)
    function = max(
        (one for path, text in texts.items() for one in _functions(path, text)),
        default=(0, "none"),
    )
    modules = [path for path in texts if path.stem != "__init__"]
    folders = Counter(str(path.parent) for path in modules)
    crowded = tuple(f"{folder}: {n}" for folder, n in sorted(folders.items()) if n > ROOMY)
    names = Counter(path.stem for path in modules)
    twice = tuple(f"{name}: {n}" for name, n in sorted(names.items()) if n > 1)
    verbs = tuple(str(path) for path in modules if path.stem.endswith("ing"))
    circles = tuple(_circles(source, package))
    return [
        Number("files", len(texts)),
        Number("lines", sum(lines.values())),
        Number("lines of the median file", median(lines.values())),
        Number("lines of the longest file", lines[longest], (str(longest),)),
        Number("lines of the longest function", function[0], (function[1],)),
        Number("duplicated lines", len(_duplicated(texts))),
        Number(f"folders of more than {ROOMY} modules", len(crowded), crowded),
        Number("file names in more than one folder", len(twice), twice),
        Number("modules that end in -ing", len(verbs), verbs),
        Number("import circles", len(circles), circles),
    ]


def _measure_revision(revision: str) -> list[Number]:
    archive = subprocess.run(
        ["git", "archive", revision, f"src/{PACKAGE}"],  # noqa: S607
        cwd=SOURCE.parent,
        check=False,
        capture_output=True,
    )
    if archive.returncode:
        raise click.ClickException(f"no revision {revision!r}: {archive.stderr.decode().strip()}")
    with tempfile.TemporaryDirectory() as directory:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
            tar.extractall(directory, filter="data")
        return measure(Path(directory, "src"), PACKAGE)


@click.command()
@click.option("--against", metavar="REVISION", help="Print the numbers of a revision beside.")
@click.option("--details", is_flag=True, help="Say which files and folders are counted.")
def main(against: str | None, *, details: bool) -> None:
    """Print the numbers of the source tree."""
    before = {one.name: one.value for one in _measure_revision(against)} if against else {}
    if against:
        click.echo(f"{'':<36}{against[:12]:>12}{'now':>12}")
    for number in measure(SOURCE, PACKAGE):
        was = f"{before[number.name]:>12g}" if before else ""
        click.echo(f"{number.name:<36}{was}{number.value:>12g}")
        for one in number.found if details else ():
            click.echo(f"    {one}")


if __name__ == "__main__":
    main()
