"""Every error as `application/problem+json` (RFC 9457), in Chinese and English, without an echo of the input."""

import re
from collections.abc import Sequence
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from .audit import trace_id
from .database import DatabaseAway, refusal_of
from .errors import Conflict, Invalid, NotFound, Refusal, TooLarge, Unauthenticated
from .models import AnswerModel
from .validation_texts import explain

MEDIA_TYPE: Final = "application/problem+json"

_log = structlog.get_logger(__name__)


class Wording(AnswerModel):
    """The English wording of a problem."""

    title: str
    detail: str
    remedy: str


class Fault(AnswerModel):
    """One of the things that are wrong."""

    code: str
    detail: str
    remedy: str
    pointer: str | None = Field(
        description="JSON pointer into the body; else `query:name`, `path:name` or `header:Name`"
    )
    en: Wording


class Problem(AnswerModel):
    """What went wrong and what to do about it (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    remedy: str
    code: str
    instance: str
    trace_id: str | None
    en: Wording
    errors: tuple[Fault, ...] = ()


class InternalError(Refusal):
    """内部错误: our defect; the log knows more."""

    status = 500
    code = "internal-error"
    title_zh, title_en = "系统内部错误", "Internal error"
    zh, en = "系统处理时出错，本次操作没有生效", "something failed here; nothing of the request took effect"
    fix_zh, fix_en = "请稍后重试；仍有问题时请提供 trace_id", "try again; if it stays, report the trace_id"


class BadRequest(Refusal):
    """无法解析: not HTTP or JSON as it should be."""

    status = 400
    code = "bad-request"
    title_zh, title_en = "请求无法解析", "Bad request"
    zh, en = "请求的内容无法解析", "the request cannot be read"
    fix_zh, fix_en = "请检查请求体的格式与编码", "check the format and encoding of the body"


class MethodNotAllowed(Refusal):
    """方法不支持."""

    status = 405
    code = "method-not-allowed"
    title_zh, title_en = "不支持该方法", "Method not allowed"
    zh, en = "该地址不支持此 HTTP 方法", "this address does not take this method"
    fix_zh, fix_en = "请查看接口文档 /docs", "see /docs"


def problem(refusal: Refusal, request: Request) -> Response:
    """The answer that says it."""
    headers = dict(_headers(refusal))
    body = _problem(refusal, getattr(request.state, "request_id", "")).model_dump_json()
    return Response(body, status_code=refusal.status, headers=headers, media_type=MEDIA_TYPE)


def register(app: FastAPI) -> None:
    """Let every error of the app be answered as a problem."""
    app.add_exception_handler(Refusal, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(DBAPIError, _on_database)
    app.add_exception_handler(ConnectionError, _on_lost_connection)


def _problem(refusal: Refusal, request_id: str) -> Problem:
    several = refusal.several or ((refusal,) if refusal.pointer else ())
    return Problem(
        type=f"/problems/{refusal.code}",
        title=refusal.title_zh,
        status=refusal.status,
        detail=refusal.zh,
        remedy=refusal.fix_zh,
        code=refusal.code,
        instance=f"urn:uuid:{request_id}",
        trace_id=trace_id(),
        en=_english(refusal),
        errors=tuple(map(fault, several)),
    )


def fault(refusal: Refusal) -> Fault:
    """One refusal among several, for answers about many rows."""
    return Fault(
        code=refusal.code, detail=refusal.zh, remedy=refusal.fix_zh, pointer=refusal.pointer, en=_english(refusal)
    )


def _english(refusal: Refusal) -> Wording:
    return Wording(title=refusal.title_en, detail=refusal.en, remedy=refusal.fix_en)


def _headers(refusal: Refusal) -> Sequence[tuple[str, str]]:
    headers = []
    if refusal.retry_after is not None:
        headers.append(("retry-after", str(refusal.retry_after)))
    if isinstance(refusal, Unauthenticated):
        headers.append(("www-authenticate", "Bearer"))
    return headers


async def _on_refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101
    if error.status < 500:
        _log.info("refused", code=error.code, status=error.status)
    else:
        _log.warning("unavailable", code=error.code, cause=type(error.__cause__).__name__)
    return problem(error, request)


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    faults = [explain(found["type"], _pointer(found["loc"]), found.get("ctx", {})) for found in error.errors()[:50]]
    codes = {found.code for found in faults}
    return await _on_refusal(request, Invalid(code=codes.pop() if len(codes) == 1 else None, several=faults))


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    kinds: dict[int, type[Refusal]] = {401: Unauthenticated, 404: NotFound, 405: MethodNotAllowed, 409: Conflict}
    kind = {**kinds, 413: TooLarge}.get(error.status_code, BadRequest if error.status_code < 500 else InternalError)
    return await _on_refusal(request, kind())


async def _on_database(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)  # noqa: S101
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    _log.warning("database refused", sqlstate=getattr(error.orig, "sqlstate", None))
    return await _on_refusal(request, refusal)


async def _on_lost_connection(request: Request, error: Exception) -> Response:
    return await _on_refusal(request, DatabaseAway())


_PLAIN_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]{0,39}")
_MANY_DIGITS: Final = re.compile(r"\d{5}")


def shown_name(name: object) -> str:
    """A name the client chose, if it is plain enough to be no personal data; else a star."""
    text = str(name)
    return text if isinstance(name, int) or (_PLAIN_NAME.fullmatch(text) and not _MANY_DIGITS.search(text)) else "*"


def _pointer(loc: Sequence[Any]) -> str:
    where, *path = loc or ("body",)
    names = [shown_name(part) for part in path]
    return "/" + "/".join(names) if where == "body" else f"{where}:{'.'.join(names)}"
