"""Splits CSV text into records, strictly, each with its line number."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from metrics_store.load.load_problems import MOST_EXAMPLES, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

# In characters; the longest text a CRM holds has 131,072. A quote that is never closed in a
# large file is found at this size, before it fills the memory.
LONGEST_FIELD = 16 * 1024 * 1024


class CsvRecords:
    """The records of one file.

    Attributes:
        header: The first record; empty where the file has none.
    """

    def __init__(self, file_name: str, text: TextIO) -> None:
        """Read the header of a text that was opened with `newline=""`."""
        csv.field_size_limit(LONGEST_FIELD)
        self._file_name = file_name
        self._reader = csv.reader(text, strict=True)
        self._quoting: list[Problem] = []
        self._wrong: list[tuple[int, int]] = []
        self._wrong_count = 0
        self._records = self._split()
        self.header = next(self._records, (0, []))[1]

    def _split(self) -> Iterator[tuple[int, list[str]]]:
        """Give each record with the line it begins on; an empty line is none."""
        line = 1
        try:
            for record in self._reader:
                if record:
                    yield line, record
                line = self._reader.line_num + 1
        except csv.Error as error:
            self._quoting.append(self._quoting_problem(line, str(error)))

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
        """Give the records after the header that are as long as it; the others are problems."""
        width = len(self.header)
        for line, record in self._records:
            if len(record) == width:
                yield line, record
                continue
            self._wrong_count += 1
            if len(self._wrong) < MOST_EXAMPLES:
                self._wrong.append((line, len(record)))

    def problems(self, *, ends_with_line_end: bool) -> list[Problem]:
        """Tell what was wrong with the structure, once all rows were read.

        Args:
            ends_with_line_end: Whether the file's last line is complete; a last row with too few
                fields in an incomplete line means that the file was cut off.
        """
        width = len(self.header)
        found = []
        for line, fields in self._wrong:
            is_last = line == self._reader.line_num
            what = f"the row has {fields} field{'s' if fields > 1 else ''}"
            if is_last and fields < width and not ends_with_line_end:
                what = f"the file is cut off: its last row has {fields} of {width} fields"
            expected = f"{width} fields, as in the header"
            found.append(Problem(self._file_name, what, expected=expected, row=f"line {line}"))
        hidden = self._wrong_count - len(self._wrong)
        if hidden:
            what = f"{hidden} more rows have too few or too many fields"
            found.append(Problem(self._file_name, what, more=hidden - 1))
        return found + self._quoting
