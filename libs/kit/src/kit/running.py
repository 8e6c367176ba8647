"""What one API process holds while it runs; built by `kit.web`, handed out by dependencies."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .auth import TokenCheck
from .cipher import FieldCipher
from .settings import ServiceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Settings and clients of the process."""

    settings: ServiceSettings
    engine: AsyncEngine
    tokens: TokenCheck
    cipher: FieldCipher


def running(request: Request) -> Running:
    """What this process holds."""
    held: Running = request.app.state.running
    return held


# Coroutines: what is no coroutine FastAPI runs in a thread, which costs more than what they do.
async def _tx(request: Request) -> AsyncConnection:
    tx: AsyncConnection = request.state.tx
    return tx


async def _cipher(request: Request) -> FieldCipher:
    return running(request).cipher


Tx = Annotated[AsyncConnection, Depends(_tx)]
"""The open transaction of this request; only routes of a `TransactionRoute` have one."""

Cipher = Annotated[FieldCipher, Depends(_cipher)]
"""The field cipher of this process."""
