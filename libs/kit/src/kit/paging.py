"""Keyset paging: a page, and a signed token that says where the next one begins.

A token is bound to the list it came from (path and filters) and to who asked. It is readable, so a place is made of
ids, codes and dates, never of names.
"""

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar

from fastapi import Depends, Query, Request

from .auth import authenticate
from .errors import Invalid
from .keys import Keys
from .models import AnswerModel
from .running import running

Item = TypeVar("Item")
Row = TypeVar("Row")
Place = tuple[str | int | None, ...]

LARGEST_PAGE: Final = 500
_SIGNATURE: Final = 16


class Page(AnswerModel, Generic[Item]):
    """一页: items, and the token of the next page while there is one."""

    items: list[Item]
    next_page_token: str | None = None


class BadPageToken(Invalid):
    """翻页标记无效."""

    code = "bad-page-token"
    zh, en = "翻页标记无效，或不属于本次查询", "the page token is not valid for this query"
    fix_zh, fix_en = (
        "请原样使用上一页返回的 next_page_token，且不要改变其他参数",
        "send next_page_token back unchanged, with the same filters",
    )
    pointer = "query:page_token"


def encode(keys: Keys, place: Sequence[str | int | None], *, of: str) -> str:
    """The token of a place in a list."""
    payload = json.dumps(place, separators=(",", ":"), ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(_sign(keys, payload, of) + payload).rstrip(b"=").decode()


def decode(keys: Keys, token: str, *, of: str) -> Place:
    """The place of a token.

    Raises:
        BadPageToken: not ours, changed, or of another list.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadPageToken from None
    signature, payload = raw[:_SIGNATURE], raw[_SIGNATURE:]
    if not hmac.compare_digest(signature, _sign(keys, payload, of)):
        raise BadPageToken
    return tuple(json.loads(payload))


def _sign(keys: Keys, payload: bytes, of: str) -> bytes:
    return keys.signature("page-token", of.encode() + b"\x00" + payload)[:_SIGNATURE]


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for: `select(...).where(tuple_(...) > place).limit(page.limit)`.

    Attributes:
        size: wanted items.
        after: the place the page begins behind; None for the first page.
    """

    size: int
    after: Place | None
    _keys: Keys
    _of: str

    @property
    def limit(self) -> int:
        """Rows to read: one more than wanted tells whether there is a next page."""
        return self.size + 1

    def page(
        self, rows: Sequence[Row], *, show: Callable[[Row], Item], place: Callable[[Row], Sequence[str | int | None]]
    ) -> Page[Item]:
        """The page of the rows read with `limit`."""
        shown = rows[: self.size]
        more = len(rows) > self.size
        token = encode(self._keys, place(shown[-1]), of=self._of) if more else None
        return Page(items=[show(row) for row in shown], next_page_token=token)


async def _page_request(
    request: Request,
    page_size: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
    page_token: Annotated[str | None, Query(max_length=2_000)] = None,
) -> PageRequest:
    keys = running(request).cipher.keys
    filters = sorted(item for item in request.query_params.multi_items() if item[0] not in ("page_size", "page_token"))
    of = json.dumps([(await authenticate(request)).subject, request.url.path, filters])
    return PageRequest(page_size, decode(keys, page_token, of=of) if page_token else None, keys, of)


Paging = Annotated[PageRequest, Depends(_page_request)]
"""The page asked for, in a handler's parameters: `?page_size=100&page_token=…`."""
