"""The staging database: temporary, for rows that are read but not yet checked."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb

from metrics_store.errors import MetricsStoreError
from metrics_store.load.mappings.source_mapping import NOT_MAPPED, TableMapping
from metrics_store.load.sql_names import sentence_list
from metrics_store.load.staging.json_text import is_standard_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from metrics_store.load.contracts.contract import Table
    from metrics_store.load.staging.matched_columns import MatchedColumn
    from metrics_store.warehouse.embedded.files_in_place import FileMark

# The column of staged tables that holds each row's place in its file.
ROW = "row"


# Rows of several files are numbered file by file, with so much room for each.
ROWS_A_FILE = 1 << 40


@dataclass(frozen=True)
class SetAside:
    """A row that cannot be staged at all, such as one with too many fields.

    Attributes:
        row: Its place.
        reason: What is wrong with it.
        fields: What stands in it.
    """

    row: int
    reason: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class StagedTable:
    """The rows of a table's files as they stand there, not yet checked.

    Attributes:
        table: The table they are for.
        files: Names of the files they come from; empty where an optional table has none.
        relation: Where they lie in the staging database; file column n is `c<n>`.
        columns: The columns of the table that is to be.
        types: DuckDB's type of each file column, in order.
        rows: How many there are.
        row_word: What the number in `row` counts: `line` or `row`.
        mapping: What is said of the table's files.
        set_aside: Rows that are not staged.
        rejects: Where the rows are listed that are not to be loaded; empty where all are.
        reads: SQL of the rows that reads the files; empty where they are staged.
        marks: The files that it reads, as they were before they were read.
    """

    table: Table
    files: tuple[str, ...]
    relation: str
    columns: tuple[MatchedColumn, ...]
    types: tuple[str, ...]
    rows: int
    row_word: str
    mapping: TableMapping = NOT_MAPPED
    set_aside: tuple[SetAside, ...] = ()
    rejects: str = ""
    reads: str = ""
    marks: tuple[FileMark, ...] = ()

    @property
    def file_name(self) -> str:
        """Its file for messages, or the first of its parts and how many follow."""
        return sentence_list(self.files, most=1)

    def place(self, row: int) -> tuple[str, str]:
        """Give the file and the place in it of a staged row, such as `line 17`."""
        part, place = divmod(row, ROWS_A_FILE)
        return self.files[part], f"{self.row_word} {place}"


class StagingDatabase:
    """The staging database.

    Attributes:
        connection: A connection to it, in UTC, that downloads nothing.
    """

    def __init__(self, directory: Path, memory_limit: str = "") -> None:
        """Create the database in a directory of its own; what is over its limit goes to disk."""
        self.connection = duckdb.connect(
            str(directory / "staging.duckdb"),
            config={
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                # Rows carry their place with them, so that their order need not be kept.
                "preserve_insertion_order": False,
                "temp_directory": str(directory / "spill"),
                **({"memory_limit": memory_limit} if memory_limit else {}),
            },
        )
        self.run("set TimeZone = 'UTC'")
        self.connection.create_function(
            "is_standard_json", is_standard_json, ["VARCHAR"], "BOOLEAN"
        )
        self._relations = 0

    def run(self, statement: str) -> None:
        """Run a statement to its end; a bare `execute` may leave its result open."""
        self.connection.execute(statement)
        self.connection.complete()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Give all rows of a query."""
        return self.connection.execute(query).fetchall()

    def new_relation(self) -> str:
        """Give a name that no staged table has yet."""
        self._relations += 1
        return f"staged_{self._relations}"

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep what the `with` block stages only if it ends well; many batches are quicker so."""
        self.run("begin")
        try:
            yield
        except BaseException:
            self.run("rollback")
            raise
        self.run("commit")

    def add_rows(self, relation: str, batch: pa.RecordBatch | pa.Table) -> None:
        """Append rows to a staged table; the first batch makes the table."""
        self.connection.register("batch", batch)
        self.run(f"create table if not exists {relation} as from batch limit 0")
        self.run(f"insert into {relation} from batch")
        self.connection.unregister("batch")

    def types(self, relation: str) -> tuple[str, ...]:
        """Give the types of a staged table's file columns."""
        return tuple(kind for name, kind, *_ in self.rows(f"describe {relation}") if name != ROW)


@contextmanager
def open_staging(memory_limit: str = "") -> Iterator[StagingDatabase]:
    """Open a staging database in a temporary directory; it goes with all it holds.

    Args:
        memory_limit: What it may hold in memory, such as `3GB`; DuckDB's own limit where empty.

    Raises:
        MetricsStoreError: The temporary directory is full or not writable.
    """
    with TemporaryDirectory(prefix="metrics-load-") as directory:
        try:
            area = StagingDatabase(Path(directory), memory_limit)
            try:
                yield area
            finally:
                area.connection.close()
        except duckdb.IOException as error:
            raise MetricsStoreError(
                "the files cannot be read into a temporary database",
                where=f"{directory}: {error}",
                remedy="free some space there, or point TMPDIR at a larger disk",
            ) from error
