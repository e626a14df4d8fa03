"""What a review runs as processes of its own need not import all of dbt anew."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from forking.commands import forked_commands

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True, scope="module")
def _python_that_is_forked() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", str(forked_commands() / "python"))
        yield
