"""The market's tables: what dbt would build of the compiled project, without dbt."""

from __future__ import annotations

import graphlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

    from review.corpus.market import Compiled

_SOURCES = """
create schema market.crm;
create schema market.crm_new;
create table market.crm.regions as
    from (values ('south', 'A'), ('east', 'A'), ('north', 'B')) as t(region, country);
create table market.crm.regions_of_2024 as
    from (values ('south', 'A'), ('east', 'B'), ('north', 'B')) as t(region, country);
create table market.crm_new.regions as
    from (values ('south', 'C'), ('east', 'C'), ('north', 'C')) as t(region, country);
"""


class Tables:
    """All tables of a compiled project.

    Args:
        compiled: The project.
        directory: Where seeds are written for DuckDB to read.
    """

    def __init__(self, compiled: Compiled, directory: Path) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("attach ':memory:' as market; use market")
        self._connection.execute(_SOURCES)
        self.rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
        nodes = {
            name: node
            for name, node in compiled.manifest["nodes"].items()
            if node["resource_type"] in ("model", "seed")
        }
        above = {name: node["depends_on"].get("nodes", []) for name, node in nodes.items()}
        for name in graphlib.TopologicalSorter(above).static_order():
            node = nodes.get(name)
            if node and node["config"]["materialized"] != "ephemeral":
                self._make(node, compiled, directory)

    def _make(self, node: dict[str, Any], compiled: Compiled, directory: Path) -> None:
        relation = node["relation_name"]
        if node["resource_type"] == "seed":
            path = directory / f"{node['name']}.csv"
            path.write_text(compiled.files[node["original_file_path"]])
            content = f"from read_csv('{path}', header = true)"
        else:
            content = node["compiled_code"]
        self._connection.execute(f"create table {relation} as {content}")
        read = self._connection.execute(f"from {relation}")
        self.rows[relation] = ([column[0] for column in read.description], read.fetchall())

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a question."""
        return self._connection.execute(sql).fetchall()

    def same(self, other: Tables) -> set[str]:
        """Give the tables that have the same rows in all columns that both sides have."""
        return {
            name
            for name, (columns, rows) in self.rows.items()
            if name in other.rows and _same((columns, rows), other.rows[name])
        }

    def close(self) -> None:
        """Forget the tables."""
        self._connection.close()


def _same(
    old: tuple[list[str], list[tuple[Any, ...]]], new: tuple[list[str], list[tuple[Any, ...]]]
) -> bool:
    both = [name for name in old[0] if name in new[0]]
    before, after = (
        Counter(tuple(row[place] for place in [names.index(name) for name in both]) for row in rows)
        for names, rows in (old, new)
    )
    return before == after
