"""The route of the platform: one request, one transaction, committed before the answer leaves.

1. Authenticate and require the route's rights.
2. Begin a transaction in the scope of the principal; reads run read-only.
3. A write claims its Idempotency-Key; an earlier answer ends here.
4. The handler works in the transaction; any error rolls all of it back.
5. A write adds its audit row and stores its answer under the key; a read of an `AuditedRoute` adds one too.
6. Commit. 7. Answer.
"""

import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, ClassVar, Final

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.params import Form
from fastapi.routing import APIRoute

from . import audit, idempotency
from .auth import Needs, Principal, authenticate
from .database import Actor, begin
from .models import lax_models
from .running import running
from .sampling import detail_of_request

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_READS: Final = frozenset({"GET", "HEAD"})
_NAMES_NO_PERSON: Final = re.compile(r"[0-9a-fA-F-]{36}|[0-9]{12}")

_KEY_PARAMETER: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A UUID of the client's choice; the same request sent again takes no second effect",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128},
}


class TransactionRoute(APIRoute):
    """An API route in a transaction: `APIRouter(route_class=TransactionRoute)`, then `tx: Tx` in the handler.

    A route without a right, or with a JSON model that takes unknown fields, is a mistake and does not import.
    """

    audits_reads: ClassVar[bool] = False

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any):
        if not _READS.issuperset(options.get("methods") or _READS):
            extra = options.get("openapi_extra") or {}
            options["openapi_extra"] = {**extra, "parameters": [*extra.get("parameters", []), _KEY_PARAMETER]}
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        """The handler wrapped in its transaction."""
        rights = frozenset(_rights(self.dependant))
        if not rights:
            raise TypeError(f"{self.path} declares no right: Depends(needs(...))")
        if lax := self._lax_models():
            raise TypeError(f"{self.path} takes unknown fields: {', '.join(lax)} should be a RequestModel")
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            principal = await authenticate(request)
            for right in rights:
                principal.require(right)
            with detail_of_request():
                return await self._in_transaction(request, principal, handle)

        return answer

    def _lax_models(self) -> list[str]:
        body = self.body_field
        return [] if body is None or isinstance(body.field_info, Form) else lax_models(body.field_info.annotation)

    async def _in_transaction(self, request: Request, principal: Principal, handle: Handler) -> Response:
        held = running(request)
        reads = request.method in _READS
        async with begin(
            held.engine,
            principal.paths,
            actor=Actor(subject=principal.subject, department=principal.department),
            read_only=reads and not self.audits_reads,
            timeout_ms=held.settings.statement_timeout_ms,
        ) as tx:
            request.state.tx = tx
            if reads:
                answer = await handle(request)
                if self.audits_reads:
                    await self._audit(request, answer)
                return answer
            claim = await idempotency.claim(tx, request, principal.subject, held.cipher)
            if isinstance(claim, Response):
                return claim
            answer = await handle(request)
            if answer.status_code >= 400:
                raise TypeError(f"{self.path} answered an error instead of raising a Refusal")
            await self._audit(request, answer)
            if claim:
                await claim.store(tx, answer)
        return answer

    async def _audit(self, request: Request, answer: Response) -> None:
        ids = (str(value) for value in request.path_params.values())
        await audit.record(
            request.state.tx,
            action=self.name,
            entity=next((part for part in self.path_format.split("/")[2:]), None),
            entity_id=next((id_ for id_ in ids if _NAMES_NO_PERSON.fullmatch(id_)), None),
            detail={"route": f"{request.method} {self.path_format}", "status": answer.status_code},
        )


class AuditedRoute(TransactionRoute):
    """A `TransactionRoute` whose reads are audited too: for what people have a right to know who read it."""

    audits_reads = True


def _rights(dependant: Dependant) -> Iterator[str]:
    if isinstance(dependant.call, Needs):
        yield dependant.call.right
    for inner in dependant.dependencies:
        yield from _rights(inner)
