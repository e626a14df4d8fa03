"""The answer to a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics_store.query.output.table_notices import (
    ROLLUP_REASONS,
    ROLLUPS,
    WARNING_KINDS,
    WARNINGS,
    with_notices,
    with_reference_date,
)

if TYPE_CHECKING:
    import datetime as dt

    import pyarrow as pa

    from metrics_store.engine.call import Call
    from metrics_store.query.output.table_notices import Notice


@dataclass(frozen=True)
class Answer:
    """The rows of a request, and where they come from.

    Attributes:
        table: The rows; columns in the order requested, group-bys and then metrics.
        sql: The statement that the warehouse ran.
        data_version: Changes when the data or the definitions change; equal requests of one
            principal get equal rows as long as it stays.
        request_id: What the logs know the request by.
        notices: What is to be known of the answer; the schema of the table has them too.
        rollups: The roll-ups that it was answered from.
        rollup_reasons: Why it, or a part of it, was not answered from others.
        reference_date: The last day that the data tell of, from which periods are counted; none
            where the definitions declare none. The schema of the table has it too.
    """

    table: pa.Table
    sql: str
    data_version: str
    request_id: str
    notices: tuple[Notice, ...] = ()
    rollups: tuple[str, ...] = ()
    rollup_reasons: tuple[str, ...] = ()
    reference_date: dt.date | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """The notices in words, a line each."""
        return tuple(one.text for one in self.notices)

    @property
    def warning_kinds(self) -> tuple[str, ...]:
        """What each of the warnings is about."""
        return tuple(one.kind.value for one in self.notices)

    @classmethod
    def of(
        cls,
        table: pa.Table,
        sql: str,
        data_version: str,
        call: Call,
        reference_date: dt.date | None = None,
    ) -> Answer:
        """Give an answer that says what the call has learnt, in its table too."""
        for key, texts in (
            (WARNINGS, call.warnings),
            (WARNING_KINDS, [one.kind.value for one in call.notices]),
            (ROLLUPS, call.rollups),
            (ROLLUP_REASONS, call.rollup_reasons),
        ):
            table = with_notices(table, key, texts)
        return cls(
            with_reference_date(table, reference_date),
            sql,
            data_version,
            call.request_id,
            call.notices,
            call.rollups,
            call.rollup_reasons,
            reference_date,
        )
