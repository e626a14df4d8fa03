"""The embedded warehouse as a sequence of immutable generations, one of which is live.

The live DuckDB path of the profile is a symbolic link into `generations/<id>/`, where the database
lies beside `target/`, the dbt artifacts of the build that made it. One rename of the link moves
both together: a reader resolves it once and never sees a database and a manifest that do not match.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.embedded.damage import generation_before
from metrics_store.warehouse.embedded.database_file import FileState, file_state, flush, log_files
from metrics_store.warehouse.embedded.provenance import note_published
from metrics_store.warehouse.embedded.retention import (
    ARTIFACTS,
    GENERATIONS,
    UNFINISHED_MARKER,
    new_directory,
    remove_superseded,
)
from metrics_store.warehouse.progress import say

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Generation:
    """One state of the warehouse: a database and the artifacts that describe it.

    Attributes:
        directory: Where both lie.
        database: The DuckDB file.
    """

    directory: Path
    database: Path

    @property
    def artifacts(self) -> Path:
        """The directory with `manifest.json` and `semantic_manifest.json`.

        Before the first `metrics build` they are not there yet.
        """
        return self.directory / ARTIFACTS


@dataclass(frozen=True)
class Warehouse:
    """The embedded warehouse behind one live path.

    Attributes:
        live_path: The DuckDB file that the profile names.
        lock_patience: How long to wait, in seconds, for another build or load to end.
        writer_patience: How long to wait, in seconds, for another program to close the file.
    """

    live_path: Path
    lock_patience: float = 600.0
    writer_patience: float = 30.0

    @property
    def is_plain_file(self) -> bool:
        """Whether a plain `dbt build` made it: whoever reads it keeps writers out."""
        return self.live_path.is_file() and not self.live_path.is_symlink()

    def current(self) -> Generation | None:
        """Give the live generation; `None` where there is no warehouse yet.

        A regular file, as a plain `dbt build` makes it, counts as a generation without artifacts.

        Raises:
            MetricsStoreError: The live path is a link to nothing.
        """
        while os.path.lexists(self.live_path):
            resolved = self.live_path.resolve()
            if resolved.exists():
                return Generation(directory=resolved.parent, database=resolved)
            if self.live_path.resolve() == resolved:  # else the link moved on meanwhile
                raise MetricsStoreError(
                    "the warehouse is a link to a file that is not there",
                    where=f"{self.live_path} -> {resolved}",
                    remedy=f"put the file back, or remove {self.live_path} to start afresh",
                )
        return None

    @contextmanager
    def next_generation(self, *, empty: bool = False) -> Iterator[Generation]:
        """Make the next generation out of a copy of the live one, alone, and publish it.

        Within the `with` block its database is written to; whoever opens it closes it again.
        When the block ends well, it becomes the live generation; on any exception it is discarded.
        A process that is killed leaves the live generation as it is; the next start clears up.

        Args:
            empty: Whether the block writes the whole database itself. What is live need not be
                readable then; it stays as the generation before.

        Raises:
            MetricsStoreError: Another process builds, loads or writes; the live file is no DuckDB
                file or was changed meanwhile; the disk is too full or not writable.
        """
        with self._exclusive():
            current = None if empty else self.current()
            # What is damaged is no reason to let what was there before it go.
            if not empty:
                remove_superseded(self.live_path, self._live_directory())
            with self._file_errors():
                directory = new_directory(self.live_path)
            generation = Generation(directory, directory / self.live_path.name)
            try:
                with self._file_errors():
                    copied = self._copy(current, generation, empty=empty)
                yield generation
                with self._file_errors():
                    self._publish(generation, copied, readable=not empty)
            except BaseException:
                # An interruption may come after the switch: what is live must stay.
                if self._live_directory() != directory:
                    shutil.rmtree(directory, ignore_errors=True)
                raise
            remove_superseded(self.live_path, directory)

    def _live_directory(self) -> Path | None:
        """Give the directory that the live path points into if it is one of our generations."""
        if not self.live_path.is_symlink():
            return None
        directory = self.live_path.resolve().parent
        generations = (self.live_path.parent / GENERATIONS).resolve()
        # Spelled as the other paths are, without resolving links above the warehouse.
        return (
            self.live_path.parent / GENERATIONS / directory.name
            if directory.parent == generations
            else None
        )

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        from filelock import FileLock, Timeout  # noqa: PLC0415 - readers need not wait for it

        directory = self.live_path.parent / GENERATIONS
        with self._file_errors():
            directory.mkdir(parents=True, exist_ok=True)
            lock = FileLock(directory / f".{self.live_path.name}.lock")
            try:
                lock.acquire(timeout=0)
            except Timeout:
                say("waiting: another build or load is changing the warehouse")
                try:
                    lock.acquire(timeout=self.lock_patience)
                except Timeout as error:
                    raise MetricsStoreError(
                        "another build or load is changing the warehouse "
                        f"(waited {self.lock_patience:.0f} s)",
                        where=str(self.live_path),
                        remedy="wait until it is done and run this again",
                    ) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _file_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise MetricsStoreError(
                f"the warehouse cannot be written: {error.strerror or error}",
                where=str(error.filename or self.live_path),
                expected="a directory that this user may write to, with free space",
            ) from error

    @contextmanager
    def previous_generation(self) -> Iterator[Generation]:
        """Give the whole generation before the live one, alone, and make it live.

        It becomes live when the block, which may look it over, ends well.

        Raises:
            MetricsStoreError: There is none, or another process builds or loads.
        """
        with self._exclusive():
            before = generation_before(self.live_path.resolve())
            if before is None:
                raise MetricsStoreError(
                    "there is no generation before the live one",
                    where=str(self.live_path),
                    expected="one that an earlier `metrics build` or `metrics load` left",
                    remedy="`metrics restore FILE` brings back what `metrics backup` kept",
                )
            generation = Generation(before, before / self.live_path.name)
            yield generation
            with self._file_errors():
                self._switch(generation)

    def _copy(
        self, current: Generation | None, generation: Generation, *, empty: bool
    ) -> FileState:
        # Here and below, so that who only reads does not wait for DuckDB.
        from metrics_store.warehouse.embedded import database_copy  # noqa: PLC0415

        generation.artifacts.mkdir()
        if empty:
            return file_state(self.live_path)
        if current is None:
            database_copy.create_database(generation.database)
            return ()
        copied = database_copy.copy_database(
            current.database, generation.database, patience=self.writer_patience
        )
        if self._live_directory() is not None and current.artifacts.is_dir():
            shutil.copytree(current.artifacts, generation.artifacts, dirs_exist_ok=True)
        return copied

    def _publish(self, generation: Generation, copied: FileState, *, readable: bool) -> None:
        from metrics_store.warehouse.embedded import database_copy  # noqa: PLC0415

        database_copy.checkpoint(generation.database)
        flush(generation.database)
        note_published(generation.database)
        for path in generation.artifacts.iterdir():
            flush(path)
        flush(generation.artifacts)
        (generation.directory / UNFINISHED_MARKER).unlink()
        flush(generation.directory)
        flush(generation.directory.parent)
        with (
            database_copy.held_against_writers(self.live_path, patience=self.writer_patience)
            if readable and self.live_path.exists()
            else nullcontext()
        ):
            if file_state(self.live_path) != copied:
                raise MetricsStoreError(
                    "the live warehouse was changed by another program meanwhile, so the new one "
                    "was discarded",
                    where=str(self.live_path),
                    expected="only `metrics build` and `metrics load` write to it",
                    remedy="run this again",
                )
            if not readable:
                self._preserve_file(generation)
            self._switch(generation)

    def _preserve_file(self, generation: Generation) -> None:
        """Keep a live regular file, which the switch would replace, beside the new generation."""
        if self.live_path.is_symlink() or not self.live_path.exists():
            return
        for path in (self.live_path, *log_files(self.live_path)):
            kept = generation.directory / f"{path.name}.before"
            os.link(path, kept)
            say(f"what was live is kept in {kept} until the next build but one")

    def _switch(self, generation: Generation) -> None:
        link = generation.directory.parent / f".{self.live_path.name}.link"
        # Relative to the live path, so that the warehouse's directory can be moved as a whole.
        link.unlink(missing_ok=True)
        link.symlink_to(Path(GENERATIONS, generation.directory.name, generation.database.name))
        link.replace(self.live_path)
        flush(self.live_path.parent)
        # A log beside a regular file that was live has been copied; beside a link it is stray.
        for log in log_files(self.live_path):
            log.unlink()
