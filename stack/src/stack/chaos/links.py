"""A fault proxy: one way between a service and an engine, on which nothing, slowness or a cut can lie."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Final

_PART: Final = 64 * 1024
_LENGTH: Final = 4

Dial = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


@dataclass(frozen=True, slots=True)
class Readdressed:
    """The broker names its own address in its answers; a client that followed it would leave the link.

    Attributes:
        own: the address as the broker writes it: host, then the port in four bytes.
        ours: the address of the link, of the same length, so that no length field changes.
    """

    own: bytes
    ours: bytes


@dataclass(slots=True, eq=False)
class Link:
    """连接: between one service and one engine.

    Attributes:
        delay: seconds that every part waits on its way, in both directions.
        cut: connections are torn and new ones refused.
    """

    name: str
    dial: Dial
    readdressed: Readdressed | None = None
    delay: float = 0.0
    cut: bool = False
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection to its end."""
        if self.cut:
            writer.transport.abort()
            return
        async with AsyncExitStack() as closing:
            closing.callback(self._close, writer)
            self._open.add(writer)
            try:
                far_reader, far_writer = await self.dial()
            except OSError:
                return
            closing.callback(self._close, far_writer)
            self._open.add(far_writer)
            there = asyncio.ensure_future(self._carry(reader, far_writer, self._part))
            back = asyncio.ensure_future(self._carry(far_reader, writer, self._answer()))
            await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
            for way in (there, back):
                way.cancel()
            await asyncio.gather(there, back, return_exceptions=True)

    def tear(self) -> None:
        """Break every open connection."""
        for writer in list(self._open):
            writer.transport.abort()

    def _close(self, writer: asyncio.StreamWriter) -> None:
        self._open.discard(writer)
        writer.transport.abort() if self.cut else writer.close()

    async def _carry(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        read: Callable[[asyncio.StreamReader], Awaitable[bytes]],
    ) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while part := await read(reader):
                if self.delay:
                    await asyncio.sleep(self.delay)
                writer.write(part)
                await writer.drain()

    def _answer(self) -> Callable[[asyncio.StreamReader], Awaitable[bytes]]:
        return self._part if self.readdressed is None else self._frame

    async def _part(self, reader: asyncio.StreamReader) -> bytes:
        return await reader.read(_PART)

    async def _frame(self, reader: asyncio.StreamReader) -> bytes:
        """A whole answer of the broker, so that the address cannot lie across two parts."""
        length = await reader.readexactly(_LENGTH)
        body = await reader.readexactly(int.from_bytes(length))
        if self.readdressed is not None:
            body = body.replace(self.readdressed.own, self.readdressed.ours)
        return length + body
