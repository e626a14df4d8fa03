"""Splits CSV text into records, strictly, each with its line number."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from metrics_store.load.load_problems import MOST_EXAMPLES, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from metrics_store.load.readers.csv_dialect import CsvDialect

# In characters; the longest text a CRM holds has 131,072. A quote that is never closed in a
# large file is found at this size, before it fills the memory.
LONGEST_FIELD = 16 * 1024 * 1024
# A report ends with its name and a copyright at least; one short row may be a row that was cut off.
_SHORTEST_FOOTER = 2


class CsvRecords:
    """The records of one file.

    Attributes:
        header: The first record; empty where the file has none.
        misfits: Lines and fields of records that are not as long as the header; without `keep`,
            the first few of them.
    """

    def __init__(
        self,
        file_name: str,
        text: TextIO,
        dialect: CsvDialect,
        *,
        has_footer: bool = False,
        keep: bool = False,
    ) -> None:
        """Read the header of a text that was opened with `newline=""`.

        Args:
            file_name: The file's name, for messages.
            text: What is read.
            dialect: How it is laid out; the text stands at the header.
            has_footer: Whether lines of one field follow the rows.
            keep: Whether all records are kept that are not as long as the header.
        """
        csv.field_size_limit(LONGEST_FIELD)
        self._file_name = file_name
        self._reader = csv.reader(text, strict=True, delimiter=dialect.delimiter)
        self._lines_above = dialect.lines_above
        self._has_footer, self._keep = has_footer, keep
        self._wrong: list[Problem] = []
        self._misfit_count = 0
        self._last_misfit: tuple[int, list[str]] = (0, [])
        self._footer: list[int] = []
        self.misfits: list[tuple[int, list[str]]] = []
        self._records = self._split()
        self.header = next(self._records, (0, []))[1]

    @property
    def _line(self) -> int:
        """The line that was read last."""
        return int(self._reader.line_num) + self._lines_above

    def _split(self) -> Iterator[tuple[int, list[str]]]:
        """Give each record with the line it begins on; one without any text is none."""
        line = self._line + 1
        try:
            for record in self._reader:
                if any(record):
                    yield line, record
                line = self._line + 1
        except csv.Error as error:
            self._wrong.append(self._quoting_problem(line, str(error)))

    def _quoting_problem(self, line: int, message: str) -> Problem:
        if "unexpected end of data" in message:
            what = "a quote is opened in this row and never closed, or the file is cut off"
        elif "field larger than" in message:
            what = f"a field has more than {LONGEST_FIELD:,} characters, or its quote is not closed"
        else:
            what = "a quoted field goes on after its closing quote"
        expected = 'fields in double quotes, with double quotes inside them doubled ("")'
        return Problem(self._file_name, what, expected=expected, row=f"line {line}")

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Give the records after the header that are as long as it."""
        width = len(self.header)
        for line, record in self._records:
            if self._has_footer and len(record) == 1 < width:
                self._footer.append(line)
            elif self._footer:
                self._wrong.append(self._row_under_footer(line))
                return
            elif len(record) == width:
                yield line, record
            else:
                self._misfit_count += 1
                self._last_misfit = line, record
                if self._keep or len(self.misfits) < MOST_EXAMPLES:
                    self.misfits.append((line, record))

    def _row_under_footer(self, line: int) -> Problem:
        what = f"a row stands under the footer, which begins in line {self._footer[0]}"
        expected = "lines of one field to the end of the file"
        return Problem(self._file_name, what, expected=expected, row=f"line {line}")

    def misfit(self, line: int, record: list[str]) -> Problem:
        """Tell what is wrong with a record that is not as long as the header."""
        fields, width = len(record), len(self.header)
        what = f"the row has {fields} field{'s' if fields > 1 else ''}"
        expected = f"{width} fields, as in the header"
        return Problem(self._file_name, what, expected=expected, row=f"line {line}")

    def problems(self, *, ends_with_line_end: bool) -> list[Problem]:
        """Tell what was wrong with the structure, once all rows were read.

        Args:
            ends_with_line_end: Whether the file's last line is complete; a last row with too few
                fields in an incomplete line means that the file was cut off.
        """
        found = [] if self._keep else [self.misfit(*misfit) for misfit in self.misfits]
        cut_off = self._cut_off(ends_with_line_end=ends_with_line_end)
        if cut_off:
            found = [problem for problem in found if problem.row != cut_off.row] + [cut_off]
        hidden = self._misfit_count - len(self.misfits)
        if hidden:
            what = f"{hidden} more rows have too few or too many fields"
            found.append(Problem(self._file_name, what, more=hidden - 1))
        return found + self._wrong

    def _cut_off(self, *, ends_with_line_end: bool) -> Problem | None:
        """Tell whether the end of the file is missing: no row can be set aside for that."""
        if self._has_footer and not self._wrong and len(self._footer) < _SHORTEST_FOOTER:
            what = "the file is cut off: it lacks the footer that the mapping tells of"
            expected = f"at least {_SHORTEST_FOOTER} lines of one field under the rows"
            return Problem(self._file_name, what, expected=expected)
        width = len(self.header)
        line, record = self._last_misfit
        if ends_with_line_end or line != self._line or len(record) >= width:
            return None
        what = f"the file is cut off: its last row has {len(record)} of {width} fields"
        expected = f"{width} fields, as in the header"
        return Problem(self._file_name, what, expected=expected, row=f"line {line}")
