"""Edits of a project's files, as data."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

Files = dict[str, str]


@dataclass(frozen=True)
class Edit:
    """One edit of one file.

    Attributes:
        file: The file, below the project.
        do: Gives the files as they are afterwards.
    """

    file: str
    do: Callable[[Files], Files]


def replace(file: str, old: str, new: str) -> Edit:
    """Write something else in place of a text that is there once."""

    def do(files: Files) -> Files:
        assert files[file].count(old) == 1, (file, old, files[file].count(old))
        return {**files, file: files[file].replace(old, new)}

    return Edit(file, do)


def throughout(file: str, old: str, new: str) -> Edit:
    """Write something else wherever a text is."""

    def do(files: Files) -> Files:
        assert old in files[file], (file, old)
        return {**files, file: files[file].replace(old, new)}

    return Edit(file, do)


def rewrite(file: str, text: str) -> Edit:
    """Write a file anew, or one that was not there."""
    return Edit(file, lambda files: {**files, file: text})


def append(file: str, text: str) -> Edit:
    """Write something at the end."""
    return Edit(file, lambda files: {**files, file: files[file] + text})


def change(file: str, how: Callable[[str], str]) -> Edit:
    """Change a file as a whole."""

    def do(files: Files) -> Files:
        new = how(files[file])
        assert new != files[file], file
        return {**files, file: new}

    return Edit(file, do)


def rename(file: str, new: str) -> Edit:
    """Give a file another name."""

    def do(files: Files) -> Files:
        return {**{name: text for name, text in files.items() if name != file}, new: files[file]}

    return Edit(file, do)


def block(text: str, name: str) -> str:
    """Give the lines of a list's item, named so, in a YAML file."""
    found = re.search(
        rf"^(?P<by> *)- (?:{{)?name: {name}\b.*\n(?:(?P=by) +.*\n|\n)*", text, re.MULTILINE
    )
    assert found, name
    return found[0]


def applied(edits: tuple[Edit, ...], files: Files) -> Files:
    """Give the files after all edits."""
    for edit in edits:
        files = edit.do(files)
    return files
