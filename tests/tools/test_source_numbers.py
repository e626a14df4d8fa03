from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[2] / "tools"

# A tree with one of each: a crowded folder, a name that stands twice, a module that is called
# by what it does, a circle of modules and one of folders, and lines that were copied.
COPIED = "\n".join(f"    total += {n}" for n in range(7))
TREE = {
    "__init__.py": "",
    "one.py": "from house import two\n",
    "two.py": "import house.one\n",
    "asking.py": f"def ask(total):\n{COPIED}\n    return total\n",
    "rooms/__init__.py": "",
    "rooms/two.py": f"from house.doors import front\ndef f(total):\n{COPIED}\n",
    "doors/__init__.py": "",
    "doors/front.py": "",
    "doors/back.py": "from house.rooms import two\n",
    **{f"doors/d{n}.py": "" for n in range(11)},
}


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in TREE.items():
        path = tmp_path / "house" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(TOOL)
    return tmp_path


def test_the_numbers_of_a_tree(source: Path) -> None:
    from source_numbers import measure  # noqa: PLC0415

    numbers = {one.name: (one.value, one.found) for one in measure(source, "house")}
    assert numbers == {
        "files": (len(TREE), ()),
        "lines": (sum(len(text.splitlines()) for text in TREE.values()), ()),
        "lines of the median file": (0, ()),
        "lines of the longest file": (9, ("house/asking.py",)),
        "lines of the longest function": (9, ("house/asking.py: ask",)),
        "duplicated lines": (14, ()),
        "folders of more than 12 modules": (1, ("house/doors: 13",)),
        "file names in more than one folder": (1, ("two: 2",)),
        "modules that end in -ing": (1, ("house/asking.py",)),
        "import circles": (2, ("house: doors, rooms", "house: one, two")),
    }


def test_a_revision_that_is_not_there_is_said() -> None:
    command = [sys.executable, TOOL / "source_numbers.py", "--against", "no-such-revision"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "no revision 'no-such-revision'" in done.stderr
