"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")),
)
LINK = re.compile(r"\[[^\]\[]*\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def anchors(document: Path) -> set[str]:
    """Give the anchors of a document's headings, as code hosts write them."""
    headings = re.findall(r"^#+ +(.*?) *$", document.read_text(), re.MULTILINE)
    spelled = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)
    return {*spelled, *re.findall(r'<a (?:id|name)="([^"]+)"', document.read_text())}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_to_a_file_and_a_heading(name: str) -> None:
    document = ROOT / name
    for path, anchor in LINK.findall(CODE.sub("", document.read_text())):
        target = document.parent / path if path else document
        assert target.exists(), f"{name} points at {path}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{name} points at {path}#{anchor}"


def test_every_path_of_the_architecture_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    paths = re.findall(r"`((?:\w+/)+(?:\w+\.\w+)?|\w+\.(?:md|py|toml))`", text)
    places = (ROOT, ROOT / "src" / "metrics_store")
    assert len(paths) > 50
    missing = {path for path in paths if not any((place / path).exists() for place in places)}
    assert missing == {"routes.py"}, "the module that each interface has"
