"""Queries that run in the background while their clients poll for the result."""

from __future__ import annotations

import contextvars
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from metrics_store.engine.call import Call
from metrics_store.errors import CancelledError, LimitExceededError, NotFoundError, UnavailableError
from metrics_store.serve.error_messages import error_code, error_message
from metrics_store.serve.monitoring.request_log import CURRENT_RECORD

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    import pyarrow as pa

    from metrics_store.access.principal import Principal
    from metrics_store.engine.answer import Answer
    from metrics_store.query.output.table_notices import Notice


@dataclass(frozen=True)
class Limits:
    """How many queries and results are kept for clients that poll for them.

    Attributes:
        running: How many queries run at once; more of them wait.
        of_one: How many queries one principal may have, running ones and results together.
        results_bytes: How much memory all results together may take.
        kept_seconds: How long a result is kept after it was last polled.
        page_rows: How many rows a page of a result has.
        wait_seconds: How long an answer to "how far is it?" waits for the query to be done.
    """

    running: int = 8
    of_one: int = 100
    results_bytes: int = 512 * 1024 * 1024
    kept_seconds: float = 600
    page_rows: int = 50_000
    wait_seconds: float = 0.5


@dataclass(eq=False)
class PolledQuery:
    """One query and its state.

    Attributes:
        principal: The principal who began it.
        call: What the engine knows it by.
        status: `PENDING`, `RUNNING`, `SUCCESSFUL` or `FAILED`.
        answer: Its rows, once it has succeeded.
        error: The message of its error, once it has failed.
        code: The code of its error, for the log.
        done: Whether it has succeeded or failed.
        polled_at: When it was last polled, in seconds of the monotonic clock.
    """

    principal: Principal
    call: Call
    status: str = "PENDING"
    answer: Answer | None = None
    error: str | None = None
    code: str = ""
    done: threading.Event = field(default_factory=threading.Event)
    polled_at: float = field(default_factory=time.monotonic)

    @property
    def query_id(self) -> str:
        """What its client knows it by, and the logs."""
        return self.call.request_id

    @property
    def size(self) -> int:
        """Bytes that its result takes."""
        return self.answer.table.nbytes if self.answer else 0


@dataclass(frozen=True)
class QueryPage:
    """A query as it is now, and a page of its rows where it has succeeded."""

    query_id: str
    status: str
    sql: str | None = None
    error: str | None = None
    code: str = ""
    notices: tuple[Notice, ...] = ()
    rollups: tuple[str, ...] = ()
    rollup_reasons: tuple[str, ...] = ()
    reference_date: dt.date | None = None
    total_pages: int | None = None
    rows: pa.Table | None = None


class PolledQueries:
    """All queries that clients may poll; safe for any number of threads.

    Args:
        limits: How many are kept.
        prefix: What their ids begin with.
    """

    def __init__(self, limits: Limits | None = None, prefix: str = "") -> None:
        self.limits = limits or Limits()
        self._prefix = prefix
        self._queries: dict[str, PolledQuery] = {}
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(self.limits.running, "graphql-query")

    def begin(self, principal: Principal, work: Callable[[Call], Answer]) -> PolledQuery:
        """Begin a query.

        Raises:
            LimitExceededError: The principal has as many queries under way as one may have.
            UnavailableError: They are closed.
        """
        query = PolledQuery(principal, Call("graphql", self._prefix + uuid.uuid4().hex))
        with self._lock:
            self._evict_one(principal)
            self._queries[query.query_id] = query
        # It belongs to the trace of its request, but has a log record of its own.
        context = contextvars.copy_context()
        context.run(CURRENT_RECORD.set, None)
        try:
            self._threads.submit(context.run, self._run, query, work)
        except RuntimeError:
            raise UnavailableError("the server is stopping") from None
        return query

    def find(self, principal: Principal, query_id: str) -> PolledQuery:
        """Give a query of a principal.

        Raises:
            NotFoundError: The principal has none of that id, or not any more.
        """
        with self._lock:
            self._forget_old()
            query = self._queries.get(query_id)
            if query is None or query.principal != principal:
                raise NotFoundError(
                    "there is no such query", where=query_id, remedy="create the query again"
                )
            query.polled_at = time.monotonic()
            return query

    def look(self, principal: Principal, query_id: str, page_num: int) -> QueryPage:
        """Give a query of a principal as it is now, or as it is once it is done soon.

        Raises:
            NotFoundError: The principal has none of that id, or not any more, or no such page.
        """
        query = self.find(principal, query_id)
        # Most are done before a client would come back.
        query.done.wait(self.limits.wait_seconds)
        if query.error is not None:
            return QueryPage(query_id, query.status, error=query.error, code=query.code)
        if query.answer is None:
            return QueryPage(query_id, query.status)
        return QueryPage(
            query_id,
            "SUCCESSFUL",
            sql=query.answer.sql,
            notices=query.answer.notices,
            reference_date=query.answer.reference_date,
            rollups=query.answer.rollups,
            rollup_reasons=query.answer.rollup_reasons,
            total_pages=self.total_pages(query),
            rows=self.page(query, page_num),
        )

    def cancel(self, principal: Principal, query_id: str) -> None:
        """Stop a query that is not done yet.

        Raises:
            NotFoundError: The principal has none of that id, or not any more.
        """
        query = self.find(principal, query_id)
        if not query.done.is_set():
            query.call.cancel()

    def page(self, query: PolledQuery, page_num: int) -> pa.Table:
        """Give a page of a query's rows.

        Raises:
            NotFoundError: It has no such page.
        """
        assert query.answer is not None  # noqa: S101 - only for queries that have succeeded
        if not 1 <= page_num <= self.total_pages(query):
            raise NotFoundError("the result has no such page", where=str(page_num))
        rows = self.limits.page_rows
        return query.answer.table.slice((page_num - 1) * rows, rows)

    def total_pages(self, query: PolledQuery) -> int:
        """Say how many pages a query's rows take; none take one."""
        assert query.answer is not None  # noqa: S101 - only for queries that have succeeded
        rows: int = query.answer.table.num_rows
        return max(1, -(-rows // self.limits.page_rows))

    def close(self) -> None:
        """Stop everything."""
        with self._lock:
            for query in self._queries.values():
                query.call.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _run(self, query: PolledQuery, work: Callable[[Call], Answer]) -> None:
        try:
            if query.call.cancelled:
                raise CancelledError("the query was cancelled")  # noqa: TRY301
            query.status = "RUNNING"
            query.answer = work(query.call)
            query.status = "SUCCESSFUL"
        except Exception as error:  # noqa: BLE001 - the client gets it, whatever it is
            query.code = error_code(error)
            query.error = error_message(error, query.call.request_id)
            query.status = "FAILED"
        query.done.set()
        with self._lock:
            self._forget_large()

    def _evict_one(self, principal: Principal) -> None:
        self._forget_old()
        own = [query for query in self._queries.values() if query.principal == principal]
        if len(own) < self.limits.of_one:
            return
        done = [query for query in own if query.done.is_set()]
        if not done:
            raise LimitExceededError(
                "too many queries are under way",
                expected=f"at most {self.limits.of_one} at once",
                remedy="wait for them, or cancel some",
            )
        del self._queries[min(done, key=lambda query: query.polled_at).query_id]

    def _forget_old(self) -> None:
        oldest = time.monotonic() - self.limits.kept_seconds
        for query in list(self._queries.values()):
            if query.polled_at < oldest:
                # Nobody waits for what nobody has polled for so long.
                query.call.cancel()
                del self._queries[query.query_id]

    def _forget_large(self) -> None:
        """Drop the results that were not polled for the longest, but never the newest."""
        done = sorted(
            (query for query in self._queries.values() if query.answer is not None),
            key=lambda query: query.polled_at,
        )
        total = sum(query.size for query in done)
        for query in done[:-1]:
            if total <= self.limits.results_bytes:
                return
            total -= query.size
            del self._queries[query.query_id]
