"""A stand-in for a service: probes, an echo, an endless stream; run by the tests in a process of its own."""

import asyncio
import os
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

open_streams = 0


async def alive(_request: Request) -> Response:
    return JSONResponse({"pid": os.getpid()})


async def echo(request: Request) -> Response:
    return JSONResponse(
        {
            "method": request.method,
            "path": request.scope["raw_path"].decode(),
            "query": request.scope["query_string"].decode(),
            "headers": dict(request.headers),
            "body": (await request.body()).decode(),
        },
        status_code=201,
        headers={"etag": '"7"', "x-request-id": "r-1"},
    )


async def stream(_request: Request) -> Response:
    async def lines() -> AsyncIterator[bytes]:
        global open_streams
        open_streams += 1
        try:
            yield b"id: 1\ndata: first\n\n"
            await asyncio.Event().wait()
        finally:
            open_streams -= 1

    return StreamingResponse(lines(), media_type="text/event-stream")


async def streams(_request: Request) -> Response:
    return JSONResponse(open_streams)


async def die(_request: Request) -> Response:
    os._exit(3)


async def die_if(request: Request) -> Response:
    """The named process takes the request and dies over it; the next one answers."""
    if request.headers["x-dying"] == str(os.getpid()):
        os._exit(3)
    return JSONResponse({}, status_code=201)


app = Starlette(
    routes=[
        Route("/livez", alive),
        Route("/readyz", alive),
        Route("/v1/echo", echo, methods=["GET", "POST"]),
        Route("/v1/名称", echo),
        Route("/v1/stream", stream),
        Route("/v1/streams", streams),
        Route("/v1/die", die),
        Route("/v1/die-if", die_if, methods=["GET", "POST"]),
    ]
)
