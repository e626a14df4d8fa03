"""A statement for a warehouse, with its limits, and the protocol of what runs it."""

from __future__ import annotations

import enum
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self

from metrics_store.errors import CancelledError, LimitExceededError, MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    import pyarrow as pa

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]", re.ASCII)
# An interrupt that comes before a statement has begun is lost, so it is repeated.
_AGAIN_SECONDS = 0.1


@dataclass(frozen=True)
class Limits:
    """The limits of one answer.

    Attributes:
        seconds: How long the warehouse may work.
        rows: How many rows it may give.
        bytes: How large they may be together, as Arrow.
    """

    seconds: float = 60.0
    rows: int = 1_000_000
    bytes: int = 512 * 1024 * 1024


class RelationMissingError(MetricsStoreError):
    """A statement reads a table that is not there."""


def _not_stoppable(stop: Callable[[], None] | None) -> None:
    """Ignore what stops a statement: only its limits do."""


@dataclass(frozen=True)
class Statement:
    """SQL that a planner made.

    Attributes:
        sql: One query.
        request_id: What it is known by in the warehouse's own logs. It may be a caller's own name
            for the request; what is no letter, digit, `_`, `.` or `-` is left out of the comment.
        limits: What it may cost.
        stop_with: Gets what stops the statement while it runs, and none afterwards.
    """

    sql: str
    request_id: str = ""
    limits: Limits = field(default_factory=Limits)
    stop_with: Callable[[Callable[[], None] | None], None] = _not_stoppable

    @property
    def labelled(self) -> str:
        """The SQL with its request id in front."""
        # Nothing that closes the comment, whatever an interface lets through.
        name = _NOT_IN_NAMES.sub("", self.request_id)
        return f"/* request {name} */ {self.sql}" if name else self.sql


class Executor(Protocol):
    """Runs statements over connections that can write nothing; safe for any number of threads."""

    def read(self, statement: Statement) -> pa.Table:
        """Give the rows of a statement.

        Raises:
            LimitExceededError: It takes too long, or gives too much.
            CancelledError: It was stopped.
            UnavailableError: The warehouse cannot be reached.
            MetricsStoreError: The warehouse rejects it.
        """

    def close(self) -> None:
        """Let go of the warehouse."""


def rejected_statement(error: Exception, *, missing: bool = False) -> MetricsStoreError:
    """Give the error for a statement that the warehouse does not take.

    Args:
        error: What its driver raised.
        missing: Whether it says that a table is not there.
    """
    kind = RelationMissingError if missing else MetricsStoreError
    return kind(
        "the warehouse could not answer",
        remedy="compare in filters like with like; else run `metrics build`, so that the marts fit "
        "the metrics",
        # It may show values of rows that the caller may not see.
        detail=first_line(error),
    )


def first_line(error: Exception) -> str:
    """Give the first line of a driver's message, without the statement below it."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


class _Cause(enum.Enum):
    TIME = enum.auto()
    CALLER = enum.auto()


class Interruption:
    """Interrupts a statement that takes too long or that nobody waits for any more."""

    def __init__(self, statement: Statement, interrupt: Callable[[], None]) -> None:
        self._statement = statement
        self._interrupt = interrupt
        self._cause: _Cause | None = None
        self._over = threading.Event()
        self._interrupt_lock = threading.Lock()
        self._timer = threading.Timer(statement.limits.seconds, self._stop, [_Cause.TIME])
        self._timer.daemon = True

    def __enter__(self) -> Self:
        """Start to watch."""
        self._timer.start()
        self._statement.stop_with(lambda: self._stop(_Cause.CALLER))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop to watch; an interrupt under way comes first, lest it meet the next statement."""
        with self._interrupt_lock:
            self._over.set()
        self._timer.cancel()
        # A thread that still ends when the program does makes DuckDB's binding report leaks.
        self._timer.join()
        self._statement.stop_with(None)

    def reason(self) -> MetricsStoreError | None:
        """Give why the statement was stopped; none where it was not."""
        if self._cause is _Cause.TIME:
            return LimitExceededError(
                f"the answer takes longer than {self._statement.limits.seconds:g} seconds",
                remedy="ask for fewer rows: a shorter time, a coarser grain, fewer dimensions",
            )
        if self._cause is _Cause.CALLER:
            return CancelledError("the question was cancelled")
        return None

    def check(self, rows: int, size: int) -> None:
        """Raise where the answer has grown too large, or was stopped meanwhile.

        Raises:
            LimitExceededError: Too many rows or bytes, or it took too long.
            CancelledError: It was stopped.
        """
        stopped = self.reason()
        if stopped:
            raise stopped
        limits = self._statement.limits
        if rows > limits.rows or size > limits.bytes:
            raise LimitExceededError(
                f"the answer has more than {limits.rows:,} rows"
                if rows > limits.rows
                else f"the answer is larger than {limits.bytes:,} bytes",
                remedy="ask with a limit, a filter, a coarser grain or fewer dimensions",
            )

    def _stop(self, cause: _Cause) -> None:
        self._cause = self._cause or cause
        threading.Thread(target=self._interrupt_until_over, daemon=True).start()

    def _interrupt_until_over(self) -> None:
        while not self._over.is_set():
            with self._interrupt_lock:
                if not self._over.is_set():
                    self._interrupt()
            self._over.wait(_AGAIN_SECONDS)
