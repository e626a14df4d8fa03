"""The market, compiled by one dbt a test process, and what its metrics answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from review.corpus.answers import Plans, Side
from review.corpus.market import Compiled, Market, market_files
from review.corpus.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from review.corpus.edits import Files


@dataclass(frozen=True)
class Bench:
    """Where changes are tried.

    Attributes:
        files: The market's files.
        base: The market as it is.
        market: Compiles it after a change.
        plans: The plans that are known.
    """

    files: Files
    base: Side
    market: Market
    directory: Path
    plans: Plans = field(default_factory=Plans)

    def built(self, compiled: Compiled) -> Side:
        """Build the tables of a compiled market."""
        return Side(compiled, Tables(compiled, self.directory))


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    directory = tmp_path_factory.mktemp("market")
    seeds = tmp_path_factory.mktemp("seeds")
    market = Market(directory / "project")
    files = market_files()
    compiled = market.compiled(files)
    base = Side(compiled, Tables(compiled, seeds))
    yield Bench(files, base, market, seeds)
    market.close()
