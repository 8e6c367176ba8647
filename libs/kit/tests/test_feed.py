"""A stream gives what one may see, in order, and goes on where the client stopped."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from kit.feed import BadEventId, FeedRow, last_event_id, stream

from .conftest import DONGCHUAN, LUQUAN, PINGSHAN

ROWS = [
    FeedRow(seq=3, kind="alert", path=PINGSHAN, data='{"n":1}'),
    FeedRow(seq=5, kind="alert", path=DONGCHUAN, data='{"n":2}'),
    FeedRow(seq=8, kind="notice", path=None, data='{"n":3}'),
    FeedRow(seq=9, kind="alert", path=PINGSHAN, data="a\nb"),
]


async def source(after: int) -> AsyncIterator[FeedRow]:
    for row in ROWS:
        if row.seq > after:
            yield row


async def frames(after: int = 0) -> list[str]:
    body = stream(source, after=after, paths=(LUQUAN,)).body_iterator
    return [bytes(frame).decode() for frame in [item async for item in body] if isinstance(frame, bytes)]


async def test_rows_in_ones_area_come_in_order_with_their_numbers() -> None:
    hello, *events = await frames()
    assert hello.startswith(": connected\nretry: ")
    assert events == [
        'event: alert\ndata: {"n":1}\nid: 3\n\n',
        'event: notice\ndata: {"n":3}\nid: 8\n\n',
        "event: alert\ndata: a\ndata: b\nid: 9\n\n",
    ]


async def test_stream_goes_on_behind_the_last_event() -> None:
    assert [frame.split("id: ")[1].strip() for frame in (await frames(after=8))[1:]] == ["9"]


async def test_silence_is_kept_alive_and_the_row_that_was_awaited_is_not_lost() -> None:
    go = asyncio.Event()

    async def slow(after: int) -> AsyncIterator[FeedRow]:
        await go.wait()
        yield ROWS[0]

    answer = stream(slow, after=0, paths=(LUQUAN,), keep_alive=0.01)
    body = aiter(answer.body_iterator)
    await anext(body)
    assert await anext(body) == b": ping\n\n"
    assert await anext(body) == b": ping\n\n"
    go.set()
    frame = await anext(body)
    while frame == b": ping\n\n":
        frame = await anext(body)
    assert b"id: 3" in bytes(frame)  # type: ignore[arg-type]
    with pytest.raises(StopAsyncIteration):
        await anext(body)


async def test_client_that_goes_ends_the_source() -> None:
    ended = asyncio.Event()

    async def endless(after: int) -> AsyncIterator[FeedRow]:
        try:
            await asyncio.Event().wait()
            yield ROWS[0]
        finally:
            ended.set()

    body = stream(endless, after=0, paths=(LUQUAN,), keep_alive=0.01).body_iterator
    walking = aiter(body)
    await anext(walking)
    await anext(walking)
    await walking.aclose()  # type: ignore[attr-defined]
    await asyncio.wait_for(ended.wait(), 5)


@pytest.mark.parametrize(
    ("header", "query", "number"), [("7", None, 7), (None, "8", 8), ("7", "8", 7), ("", None, None)]
)
def test_place_to_resume(header: str | None, query: str | None, number: int | None) -> None:
    assert last_event_id(header, query) == number


@pytest.mark.parametrize("given", ["x", "-1", "7.5", "9" * 19, "７"])
def test_place_that_is_none(given: str) -> None:
    with pytest.raises(BadEventId):
        last_event_id(given, None)
