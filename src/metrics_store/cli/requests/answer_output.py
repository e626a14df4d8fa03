"""How and where `metrics query` shows an answer."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from metrics_store.query.output.terminal_chart import ChartStyle

TABLE, PLAIN, PLOT = "table", "plain", "plot"
FORMATS = (TABLE, PLAIN, "csv", "json", "arrow", "parquet", "xlsx")
_BINARY = ("arrow", "parquet", "xlsx")
# A file's ending -> its format.
_ENDINGS = {
    ".csv": "csv",
    ".json": "json",
    ".arrow": "arrow",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".txt": PLAIN,
}
_WIDEST_CHART = 120
_WIDTH_OF_FILES = 1000


@dataclass(frozen=True)
class AnswerOutput:
    """Where an answer goes, and in which form.

    Attributes:
        form: One of `FORMATS`, or `plot`.
        file: The file; none for the screen.
    """

    form: str
    file: Path | None = None

    @classmethod
    def chosen(
        cls, wanted: str | None, file: Path | None, *, plot: bool, total: bool
    ) -> AnswerOutput:
        """Choose by the options; left open, people get a table and programs plain values.

        Raises:
            UsageError: The options contradict one another.
        """
        form = wanted or _form_of(file, chart_or_total=plot or total)
        if plot:
            if wanted:
                raise click.UsageError("--plot draws a chart; leave --format out")
            form = PLOT
        if total and form != TABLE:
            raise click.UsageError(
                "--total is a row of a table; leave it out, or add --format table"
            )
        if file is not None and wanted and _ENDINGS.get(file.suffix.lower(), wanted) != wanted:
            kept = _ENDINGS[file.suffix.lower()]
            if not (kept == PLAIN and wanted == TABLE):
                raise click.UsageError(
                    f"{file.name} is to be {wanted} and ends like {kept}; leave one of them out"
                )
        if form in _BINARY and file is None and sys.stdout.isatty():
            raise click.UsageError(f"{form} is nothing to read; add --output FILE")
        return cls(form, file)

    @property
    def is_for_people(self) -> bool:
        """Whether it is read as it stands."""
        return self.form in (TABLE, PLOT)

    def show(
        self,
        answer: pa.Table,
        total: pa.Table | None,
        note: str = "",
        style: ChartStyle | None = None,
    ) -> None:
        """Show an answer, or write it to the file; with a note below it for people.

        Raises:
            MetricsStoreError: It cannot be shown in this form, or not be written.
        """
        try:
            if self.form in _BINARY:
                self._write_bytes(answer)
            else:
                text = self._text(answer, total, style)
                self._write_text(f"{text}\n\n{note}" if note else text)
        except OSError as error:
            if self.file is None:
                raise
            raise MetricsStoreError(
                f"the answer cannot be written: {error.strerror}", where=str(self.file)
            ) from None

    def _text(self, answer: pa.Table, total: pa.Table | None, style: ChartStyle | None) -> str:
        if self.form == PLOT:
            from metrics_store.query.output.terminal_chart import as_chart

            return as_chart(answer, min(_width(), _WIDEST_CHART), style)
        if self.form == TABLE:
            from metrics_store.query.output.readable_table import as_readable_table

            width = _width() if self.file is None else _WIDTH_OF_FILES
            return as_readable_table(answer, width, total)
        from metrics_store.query.output.text_formats import TEXT_FORMATS

        return TEXT_FORMATS[self.form](answer)

    def _write_text(self, text: str) -> None:
        with click.open_file(
            str(self.file or "-"), "w", encoding="utf-8", atomic=self.file is not None
        ) as sink:
            click.echo(text, file=sink)

    def _write_bytes(self, answer: pa.Table) -> None:
        from metrics_store.query.output.binary_formats import BINARY_FORMATS

        with click.open_file(str(self.file or "-"), "wb", atomic=self.file is not None) as sink:
            BINARY_FORMATS[self.form](answer, sink)


def _form_of(file: Path | None, *, chart_or_total: bool) -> str:
    if chart_or_total:
        return TABLE
    if file is None:
        return TABLE if sys.stdout.isatty() else PLAIN
    form = _ENDINGS.get(file.suffix.lower())
    if form is None:
        raise click.UsageError(
            f"{file.name} does not say its format: end it in {', '.join(_ENDINGS)}, or add --format"
        )
    return form


def _width() -> int:
    return shutil.get_terminal_size().columns
