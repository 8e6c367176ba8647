"""The fault proxy: what lies on a link is felt on it and nowhere else, and ends when it is taken away."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from stack.chaos.links import Link, Readdressed
from stack.ports import HOST


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while part := await reader.read(100):
        writer.write(part)
    writer.close()


def _port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


@asynccontextmanager
async def _linked(
    serve: Callable[..., object], readdressed: Readdressed | None = None
) -> AsyncIterator[tuple[Link, int]]:
    far = await asyncio.start_server(serve, HOST, 0)  # type: ignore[arg-type]
    link = Link("finance-broker", lambda: asyncio.open_connection(HOST, _port(far)), readdressed)
    near = await asyncio.start_server(link.serve, HOST, 0)
    try:
        yield link, _port(near)
    finally:
        link.tear()
        near.close()
        far.close()


async def _said(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, part: bytes) -> bytes:
    writer.write(part)
    return await asyncio.wait_for(reader.readexactly(len(part)), 5)


async def test_a_cut_tears_what_is_open_and_refuses_what_is_new_until_it_ends() -> None:
    async with _linked(_echo) as (link, port):
        reader, writer = await asyncio.open_connection(HOST, port)
        assert await _said(reader, writer, b"before") == b"before"
        link.cut = True
        link.tear()
        with pytest.raises((OSError, asyncio.IncompleteReadError)):
            await _said(reader, writer, b"torn")
        reader, writer = await asyncio.open_connection(HOST, port)
        with pytest.raises((OSError, asyncio.IncompleteReadError)):
            await _said(reader, writer, b"refused")
        link.cut = False
        reader, writer = await asyncio.open_connection(HOST, port)
        assert await _said(reader, writer, b"again") == b"again"
        writer.close()


async def test_a_slow_link_delays_both_ways() -> None:
    async with _linked(_echo) as (link, port):
        reader, writer = await asyncio.open_connection(HOST, port)
        link.delay = 0.05
        started = time.monotonic()
        assert await _said(reader, writer, b"slow") == b"slow"
        assert time.monotonic() - started >= 0.1
        writer.close()


async def test_the_address_that_a_broker_tells_is_the_link_even_where_parts_are_cut() -> None:
    own, ours = b"127.0.0.1\x00\x00\x23\x84", b"127.0.1.2\x00\x00\x23\x84"
    answer = b"x" * 70_000 + own + b"y"

    async def tell(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framed = len(answer).to_bytes(4) + answer
        for at in range(0, len(framed), 7_001):
            writer.write(framed[at : at + 7_001])
            await writer.drain()
        await reader.read()
        writer.close()

    async with _linked(tell, Readdressed(own, ours)) as (_, port):
        reader, writer = await asyncio.open_connection(HOST, port)
        told = await asyncio.wait_for(reader.readexactly(4 + len(answer)), 5)
        assert told[4:] == answer.replace(own, ours)
        writer.close()
