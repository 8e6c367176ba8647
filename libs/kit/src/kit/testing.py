"""For tests: somebody with a token in front of a service's app, and made-up certificates and credit codes that hold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import monotonic
from typing import Any, Final, Self

import httpx2
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import RSAKey
from stdnum.cn import ric, uscc

from .clock import now

ISSUER: Final = "https://issuer.test"


@dataclass(frozen=True, kw_only=True)
class Clerk:
    """经办人: asks a service in-process, with a token of its own making that the service trusts."""

    http: httpx2.AsyncClient
    signer: RSAKey
    rights: str
    paths: Sequence[str] = ("5301/",)
    subject: str = "clerk"
    department: str = "test-department"

    @classmethod
    def before(cls, app: FastAPI, *, rights: str, signer: RSAKey | None = None) -> Self:
        """A clerk of the city; the app must have `issuer=ISSUER` in its settings."""
        key = signer or RSAKey.generate_key(2048, auto_kid=True)
        keys = app.state.running.tokens.keys
        keys._keys[key.kid] = key
        keys._looked_at = monotonic()
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        return cls(
            http=httpx2.AsyncClient(transport=transport, base_url="http://service.test"), signer=key, rights=rights
        )

    def as_(self, **given: Any) -> "Clerk":
        """The same with other rights, paths, subject or department."""
        return replace(self, **given)

    async def send(self, method: str, path: str, *, version: int | None = None, **options: Any) -> httpx2.Response:
        """One request; `version` becomes If-Match."""
        headers = {"authorization": f"Bearer {self._token()}", **options.pop("headers", {})}
        if version is not None:
            headers["if-match"] = f'"{version}"'
        return await self.http.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx2.Response:
        """GET."""
        return await self.send("GET", path, **options)

    async def post(self, path: str, json: Any = None, **options: Any) -> httpx2.Response:
        """POST."""
        return await self.send("POST", path, json=json, **options)

    async def patch(self, path: str, json: Any, *, version: int) -> httpx2.Response:
        """PATCH."""
        return await self.send("PATCH", path, json=json, version=version)

    async def done(self, path: str, json: Any = None, **options: Any) -> dict[str, Any]:
        """POST that must succeed; gives the answer."""
        answer = await self.post(path, json, **options)
        assert answer.status_code in (200, 201), answer.text  # noqa: S101
        return dict(answer.json())

    async def sets(self, value: dict[str, Any], *, reviewer: str = "reviewer") -> dict[str, Any]:
        """Draft a policy value, which this clerk cannot release alone, and have a second person release it."""
        draft = await self.done("/v1/policy-drafts", value)
        release = f"/v1/policy-drafts/{draft['id']}:release"
        alone = await self.post(release)
        assert (alone.status_code, alone.json()["code"]) == (403, "policy-needs-second-person"), alone.text  # noqa: S101
        return await self.as_(subject=reviewer).done(release)

    def _token(self) -> str:
        claims = {
            "iss": ISSUER,
            "aud": "zengshou",
            "sub": self.subject,
            "dept": self.department,
            "scope": self.rights,
            "paths": list(self.paths),
            "exp": int(now().timestamp()) + 300,
        }
        return jwt.encode({"alg": "RS256", "kid": self.signer.kid}, claims, self.signer, algorithms=["RS256"])


def certificate(serial: int, born: date = date(1980, 1, 2), area: str = "530128") -> str:
    """A made-up number whose form, date and check digit hold; odd serials are men."""
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def credit_code(serial: int, area: str = "530128") -> str:
    """A made-up 统一社会信用代码 whose form and check character hold."""
    body = f"12{area}{serial:09d}"
    return body + str(uscc.calc_check_digit(body))
