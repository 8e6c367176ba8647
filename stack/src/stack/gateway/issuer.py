"""The development token issuer: OAuth client credentials for the built-in departments, in the embedded profile only."""

import base64
import binascii
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote_plus
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .departments import Department, department
from .settings import GatewaySettings

LIFETIME_SECONDS: Final = 3_600
_NO_STORE: Final = {"cache-control": "no-store"}


class IssuerRefused(RuntimeError):
    """The development issuer was asked for outside the embedded profile, or without its files."""


class TokenRefused(Exception):
    """An OAuth error; the code says which (RFC 6749, 5.2)."""

    def __init__(self, code: str, status: int = 400):
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs tokens with one key that lives in the state directory."""

    name: str
    audience: str
    key: RSAKey = field(repr=False)
    secrets: Mapping[str, str] = field(repr=False)

    @classmethod
    def load(cls, settings: GatewaySettings) -> "Issuer":
        """The issuer of this installation.

        Raises:
            IssuerRefused: this is not an embedded installation.
        """
        if settings.profile != "embedded":
            raise IssuerRefused("the development issuer serves the embedded profile only")
        if not (settings.issuer and settings.issuer_key_file and settings.clients_file):
            raise IssuerRefused("set ZENGSHOU_ISSUER, ZENGSHOU_ISSUER_KEY_FILE and ZENGSHOU_CLIENTS_FILE")
        key = RSAKey.import_key(json.loads(settings.issuer_key_file.read_text()))
        return cls(settings.issuer, settings.audience, key, json.loads(settings.clients_file.read_text()))

    def authenticate(self, client: str, secret: str) -> Department:
        """The department that the client id and secret stand for.

        Raises:
            TokenRefused: unknown client or wrong secret; which one is not told.
        """
        expected = self.secrets.get(client, "")
        right = secrets.compare_digest(expected.encode(), secret.encode()) and bool(expected)
        if not right or (found := department(client)) is None:
            raise TokenRefused("invalid_client", 401)
        return found

    def token(self, who: Department, scope: frozenset[str]) -> str:
        """A signed token of a department with the rights of `scope`."""
        now = int(time.time())
        claims = {
            "iss": self.name,
            "aud": self.audience,
            "sub": who.client,
            "dept": who.name,
            "scope": " ".join(sorted(scope)),
            "paths": list(who.paths),
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME_SECONDS,
            "jti": str(uuid4()),
        }
        return jwt.encode({"alg": "RS256", "kid": self.key.kid, "typ": "at+jwt"}, claims, self.key)

    def routes(self) -> list[Route]:
        """Discovery, public keys and the token endpoint."""
        return [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/.well-known/oauth-authorization-server", self._discovery),
            Route("/oauth/jwks", self._jwks),
            Route("/oauth/token", self._token, methods=["POST"]),
        ]

    async def _discovery(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.name,
                "token_endpoint": f"{self.name}/oauth/token",
                "jwks_uri": f"{self.name}/oauth/jwks",
                "grant_types_supported": ["client_credentials"],
                "response_types_supported": [],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            }
        )

    async def _jwks(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _token(self, request: Request) -> Response:
        try:
            return JSONResponse(await self._answer(request), headers=_NO_STORE)
        except TokenRefused as refused:
            asked = {"www-authenticate": "Basic"} if refused.status == 401 else {}
            return JSONResponse({"error": refused.code}, status_code=refused.status, headers=_NO_STORE | asked)

    async def _answer(self, request: Request) -> dict[str, Any]:
        async with request.form(max_files=0, max_fields=10) as form:
            asked = {name: value for name, value in form.items() if isinstance(value, str)}
        if asked.get("grant_type") != "client_credentials":
            raise TokenRefused("unsupported_grant_type")
        who = self.authenticate(*_credentials(request, asked))
        scope = frozenset(asked.get("scope", "").split()) or who.rights
        if not scope <= who.rights:
            raise TokenRefused("invalid_scope")
        return {
            "access_token": self.token(who, scope),
            "token_type": "Bearer",
            "expires_in": LIFETIME_SECONDS,
            "scope": " ".join(sorted(scope)),
        }


def _credentials(request: Request, form: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise TokenRefused("invalid_client", 401) from None
    return unquote_plus(client), unquote_plus(secret)
