"""Answers that take longer than a client waits: asked again they are found, left they end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from metrics_store.errors import CancelledError
from metrics_store.serve.cube.waiting_answers import WaitingAnswers

if TYPE_CHECKING:
    from collections.abc import Awaitable


async def never() -> None:
    await asyncio.Event().wait()


def run(work: Awaitable[None]) -> None:
    async def soon() -> None:
        await asyncio.wait_for(work, 60)

    asyncio.run(soon())


class Work:
    """Work that ends when it is told to."""

    def __init__(self) -> None:
        self.may_end = asyncio.Event()
        self.cancelled = asyncio.Event()
        self.begun = 0

    async def __call__(self) -> bytes:
        self.begun += 1
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        return b"rows"


def test_who_asks_again_gets_what_is_under_way() -> None:
    async def ask() -> None:
        answers, work = WaitingAnswers(wait_seconds=0.01), Work()
        assert await answers.answer("a", work, never) is None
        assert await answers.answer("a", work, never) is None
        work.may_end.set()
        assert await answers.answer("a", work, never) == b"rows"
        assert work.begun == 1
        # What was given is asked anew.
        assert await answers.answer("a", work, never) == b"rows"
        assert work.begun == 2

    run(ask())


def test_other_questions_are_other_answers() -> None:
    async def ask() -> None:
        answers, work = WaitingAnswers(wait_seconds=0.01), Work()
        assert await answers.answer("a", work, never) is None
        assert await answers.answer("b", work, never) is None
        assert work.begun == 2
        work.may_end.set()

    run(ask())


def test_work_ends_when_nobody_waits_any_more() -> None:
    async def ask() -> None:
        answers, work = WaitingAnswers(wait_seconds=0.01, kept_seconds=0.01), Work()
        assert await answers.answer("a", work, never) is None
        await work.cancelled.wait()
        work.may_end.set()
        assert await answers.answer("a", work, never) == b"rows"

    run(ask())


def test_work_ends_when_the_client_leaves() -> None:
    async def ask() -> None:
        answers, work = WaitingAnswers(), Work()

        async def leaves() -> None:
            pass

        with pytest.raises(CancelledError):
            await answers.answer("a", work, leaves)
        await work.cancelled.wait()

    run(ask())


def test_work_goes_on_when_one_of_two_leaves() -> None:
    async def ask() -> None:
        answers, work, left = WaitingAnswers(), Work(), asyncio.Event()

        async def leaves() -> None:
            await left.wait()

        stays = asyncio.ensure_future(answers.answer("a", work, never))
        going = asyncio.ensure_future(answers.answer("a", work, leaves))
        await asyncio.sleep(0)
        left.set()
        with pytest.raises(CancelledError):
            await going
        work.may_end.set()
        assert await stays == b"rows"
        assert work.begun == 1

    run(ask())


def test_what_is_wrong_is_told_whoever_asks_for_it() -> None:
    async def ask() -> None:
        answers, may_fail = WaitingAnswers(wait_seconds=0.01), asyncio.Event()

        async def fails() -> bytes:
            await may_fail.wait()
            raise ValueError("wrong")

        assert await answers.answer("a", fails, never) is None
        may_fail.set()
        with pytest.raises(ValueError, match="wrong"):
            await answers.answer("a", fails, never)

    run(ask())
