"""Live streams as server-sent events: rows in their order, resumed where the client stopped.

The id of an event is its number in the log, so `Last-Event-ID` says exactly what the client has; between two events
a comment keeps proxies from closing the line.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Annotated, Final, Protocol

from fastapi import Header, Query
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import StreamingResponse

from .errors import Invalid
from .scope import covers

KEEP_ALIVE_SECONDS: Final = 15.0
RETRY_MS: Final = 1_000


class BadEventId(Invalid):
    """续传位置无效."""

    code = "bad-last-event-id"
    zh, en = "Last-Event-ID 应为之前收到的事件编号", "Last-Event-ID should be the id of an event received before"
    pointer = "header:Last-Event-ID"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """One event of a stream.

    Attributes:
        seq: its number in the log.
        kind: the SSE event name.
        path: management path that may see it; None for everybody.
        data: JSON text.
    """

    seq: int
    kind: str
    path: str | None
    data: str


class Source(Protocol):
    """Rows in order of seq, only such as no smaller one can still appear below; `events.live.LiveLog.follow` is one."""

    def __call__(self, after: int) -> AsyncIterator[FeedRow]:
        """The rows behind a number, for ever."""


def last_event_id(
    header: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
    query: Annotated[str | None, Query(alias="last_event_id")] = None,
) -> int | None:
    """Where to resume: the header, or for the first call of a browser the parameter; None = from now on.

    Raises:
        BadEventId: neither is a number.
    """
    given = header if header is not None else query
    if given is None or given == "":
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise BadEventId
    return int(given)


def stream(
    source: Source,
    *,
    after: int,
    paths: tuple[str, ...],
    keep_alive: float = KEEP_ALIVE_SECONDS,
    stopping: Callable[[], bool] = lambda: False,
) -> StreamingResponse:
    """The answer that streams the rows one may see, from behind `after` until the client goes.

    Args:
        source: of the rows.
        after: the last number the client has.
        paths: management paths of the principal.
        keep_alive: seconds of silence before a comment.
        stopping: whether the process wants to end.
    """
    return StreamingResponse(
        _frames(source(after), paths, keep_alive, stopping),
        media_type="text/event-stream",
        headers={"x-accel-buffering": "no"},
    )


async def _frames(
    rows: AsyncIterator[FeedRow],
    paths: tuple[str, ...],
    keep_alive: float,
    stopping: Callable[[], bool],
) -> AsyncIterator[bytes]:
    yield format_sse_event(retry=RETRY_MS, comment="connected")
    waiting: asyncio.Future[FeedRow] | None = None
    try:
        while not stopping():
            waiting = waiting or asyncio.ensure_future(anext(rows))
            done, _ = await asyncio.wait([waiting], timeout=keep_alive)
            if not done:
                yield KEEPALIVE_COMMENT
                continue
            row, waiting = waiting.result(), None
            if row.path is None or covers(paths, row.path):
                yield format_sse_event(data_str=row.data, event=row.kind, id=str(row.seq))
    except StopAsyncIteration:
        return
    finally:
        if waiting is not None:
            waiting.cancel()
