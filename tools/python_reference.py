"""Write `docs/python.md` from the docstrings of the Python client; `--check` compares."""

import re
import subprocess
import sys
from pathlib import Path

from griffe2md import ConfigDict, load_config, render_package_docs

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "python.md"
INTRODUCTION = """\
# Python

The reference of `metrics_store.client`, made from its docstrings by `make reference`.
[server.md](server.md) shows it at work. `metrics_store.connect` is the same function.
"""
# Types of Python and of libraries have no page here to link to.
DEAD_LINK = re.compile(r"\[([^\[\]]*)\]\(#[^)]*\)")
TYPE = re.compile(r"<code>(.*?)</code>")
SIGNATURE = re.compile(r"```python\n(\w+)(\(.*\)) -> (.*)\n```")


def render() -> str:
    """Give the page as it should be."""
    text = render_package_docs("metrics_store.client", ConfigDict(**(load_config() or {})))
    text = TYPE.sub(r"`\1`", DEAD_LINK.sub(r"\1", text))
    text = re.sub(r"\A# .*\n\n.*\n", "", text)
    return INTRODUCTION + SIGNATURE.sub(_wrapped, text).rstrip() + "\n"


def _wrapped(signature: re.Match[str]) -> str:
    """Give a signature a line for each parameter where it is long."""
    name, parameters, result = signature.groups()
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--line-length", "88", "-"],
        input=f"def {name}{parameters} -> {result}: ...",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return f"```python\n{formatted.strip().removeprefix('def ').removesuffix(': ...')}\n```"


def main() -> None:
    """Write the page, or say that it is stale."""
    page = render()
    if "--check" not in sys.argv:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        sys.exit("error: docs/python.md is stale\n  what to do: make reference")


if __name__ == "__main__":
    main()
