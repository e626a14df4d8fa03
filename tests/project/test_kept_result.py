"""What is kept is given only for the key that it was made for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from metrics_store.project.kept_result import kept_result, key_of
from metrics_store.project.program_digest import digest_of

if TYPE_CHECKING:
    from pathlib import Path


class Maker:
    """Makes another result each time."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> list[int]:
        """Make one."""
        self.times += 1
        return [self.times]


def test_a_result_is_made_once_for_a_key(tmp_path: Path) -> None:
    file, make = tmp_path / "of" / "one.json", Maker()
    assert [kept_result(file, key, make) for key in "aabba"] == [[1], [1], [2], [2], [3]]
    assert [path.name for path in file.parent.iterdir()] == ["one.json"]


@pytest.mark.parametrize("broken", ["", "[", "[1]", json.dumps({"result": 1}), "\udcff"])
def test_what_cannot_be_read_is_made_again(tmp_path: Path, broken: str) -> None:
    file = tmp_path / "one.json"
    file.write_bytes(broken.encode(errors="surrogateescape"))
    assert kept_result(file, "a", Maker()) == [1]
    assert kept_result(file, "a", Maker()) == [1]


def test_what_cannot_be_written_is_given_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "no_directory").touch()
    assert kept_result(tmp_path / "no_directory" / "one.json", "a", Maker()) == [1]


def test_what_cannot_be_made_is_not_kept(tmp_path: Path) -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        kept_result(tmp_path / "one.json", "a", fail)
    assert kept_result(tmp_path / "one.json", "a", Maker()) == [1]


def test_keys_tell_parts_apart() -> None:
    keys = {key_of("ab"), key_of("a", "b"), key_of(["a", "b"]), key_of({"a": "b"}), key_of(b"ab")}
    assert len(keys) == 5
    assert key_of({"a": 1, "b": 2}) == key_of({"b": 2, "a": 1})


def test_another_program_has_another_digest(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    module = tmp_path / "plans" / "module.py"
    module.write_text("a = 1\n")
    first = digest_of(tmp_path)
    assert digest_of(tmp_path) == first
    module.write_text("a = 2\n")
    changed = digest_of(tmp_path)
    module.rename(tmp_path / "module.py")
    assert len({first, changed, digest_of(tmp_path)}) == 3
