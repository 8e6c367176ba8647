"""Versions of rows in HTTP: an answer shows its ETag, a change must name the version it was made from."""

import re
from typing import Annotated, Final

from fastapi import Depends, Header

from .errors import PreconditionFailed, PreconditionRequired

_ETAG: Final = re.compile(r'"([0-9]{1,18})"')


def etag(version: int) -> str:
    """The ETag of a row's version."""
    return f'"{version}"'


async def if_match(
    header: Annotated[str | None, Header(alias="If-Match", description='ETag as last read, `"7"`')] = None,
) -> int:
    """The version a change was made from; a dependency: `version: IfMatch`.

    Raises:
        PreconditionRequired: the header is missing.
        PreconditionFailed: it is not one of our ETags, so it can match nothing.
    """
    if header is None:
        raise PreconditionRequired
    match = _ETAG.fullmatch(header.strip())
    if match is None:
        raise PreconditionFailed(pointer="header:If-Match")
    return int(match[1])


def require_version(current: int, given: int) -> None:
    """Pass if the row is still as it was read.

    Raises:
        PreconditionFailed: somebody else changed it.
    """
    if current != given:
        raise PreconditionFailed(pointer="header:If-Match")


IfMatch = Annotated[int, Depends(if_match)]
"""The version named by If-Match, in a handler's parameters."""
