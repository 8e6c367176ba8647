"""The chainer: a task of the worker that lengthens the chain within a second or two."""

from sqlalchemy.ext.asyncio import AsyncEngine

from kit.database import begin

from .service import lengthen


class Chainer:
    """决定链续写: several workers may run it, the chain grows by one at a time."""

    def __init__(self, engine: AsyncEngine):
        self._engine = engine

    async def turn(self) -> bool:
        """Lengthen by what waits; whether there was something."""
        async with begin(self._engine) as tx:
            return bool(await lengthen(tx))
