"""A token is believed only if our issuer signed it for us, for now."""

import asyncio
import base64
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from kit.auth import BadToken, KeyCache, KeysAway, TokenCheck

from .conftest import LUQUAN, Issuer


@pytest.fixture
def check(issuer: Issuer) -> TokenCheck:
    return TokenCheck(keys=KeyCache(issuer.url, pause=0), issuer=issuer.name, audience="zengshou")


async def test_good_token_names_its_principal(issuer: Issuer, check: TokenCheck) -> None:
    who = await check.principal(issuer.token())
    assert (who.subject, who.department, who.paths) == ("clerk-1", "rural-affairs", (LUQUAN,))
    assert who.rights == {"notes:read", "notes:write"}


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": 9_999_999_999},
        {"iss": "https://elsewhere.test"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": ["another"]},
        {"sub": None},
        {"sub": 7},
        {"dept": None},
        {"scope": ["notes:read"]},
        {"paths": "5301/"},
        {"paths": ["53"]},
        {"paths": [""]},
        {"paths": ["5301/,"]},
        {"paths": ["5301"]},
    ],
)
async def test_claims_that_do_not_hold(issuer: Issuer, check: TokenCheck, claims: dict[str, Any]) -> None:
    with pytest.raises(BadToken):
        await check.principal(issuer.token(**claims))


async def test_audience_may_be_one_of_several(issuer: Issuer, check: TokenCheck) -> None:
    assert await check.principal(issuer.token(aud=["other", "zengshou"]))


def _part(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _with_header(issuer: Issuer, alg: str, sign: Callable[[bytes], bytes]) -> str:
    header = _part(json.dumps({"alg": alg, "kid": issuer.keys[0].kid}).encode())
    signed = f"{header}.{issuer.token().split('.')[1]}"
    return f"{signed}.{_part(sign(signed.encode()))}"


def _unsigned(issuer: Issuer) -> str:
    return _with_header(issuer, "none", lambda _signed: b"")


def _signed_with_the_public_key_as_secret(issuer: Issuer) -> str:
    secret = issuer.keys[0].as_pem(private=False)
    return _with_header(issuer, "HS256", lambda signed: hmac.digest(secret, signed, "sha256"))


def _signed_by_another(issuer: Issuer) -> str:
    stranger = RSAKey.generate_key(2048, {"kid": issuer.keys[0].kid})
    return issuer.token(stranger)


FORGERIES = [
    _unsigned,
    _signed_with_the_public_key_as_secret,
    _signed_by_another,
    lambda issuer: issuer.token() + "x",
    lambda issuer: "",
    lambda issuer: "a.b.c",
    lambda issuer: "[" * 5_000,
    lambda issuer: base64.urlsafe_b64encode(b"[" * 5_000).decode() + ".e30.x",
    lambda issuer: base64.urlsafe_b64encode(b'"text"').decode() + ".e30.x",
    lambda issuer: "x" * 9_000,
    lambda issuer: "令牌.令牌.令牌",
]


@pytest.mark.parametrize("forge", FORGERIES)
async def test_forgeries_do_not_hold(issuer: Issuer, check: TokenCheck, forge: Callable[[Issuer], str]) -> None:
    with pytest.raises(BadToken):
        await check.principal(forge(issuer))


async def test_new_key_of_the_issuer_is_found(issuer: Issuer, check: TokenCheck) -> None:
    await check.principal(issuer.token())
    newer = ECKey.generate_key("P-256", auto_kid=True)
    issuer.keys.append(newer)  # type: ignore[arg-type]
    try:
        assert await check.principal(issuer.token(newer, alg="ES256"))  # type: ignore[arg-type]
    finally:
        issuer.keys.remove(newer)  # type: ignore[arg-type]


async def test_known_keys_work_while_the_issuer_is_away(issuer: Issuer) -> None:
    keys = KeyCache(issuer.url, lifetime=0, pause=0)
    check = TokenCheck(keys=keys, issuer=issuer.name, audience="zengshou")
    await check.principal(issuer.token())
    issuer.broken = True
    try:
        assert await check.principal(issuer.token())
        with pytest.raises(KeysAway):
            await KeyCache(issuer.url).get("any")
    finally:
        issuer.broken = False


async def test_made_up_key_ids_do_not_flood_the_issuer(issuer: Issuer) -> None:
    keys = KeyCache(issuer.url)
    await keys.get(issuer.keys[0].kid or "")
    before = issuer.reads
    results = await asyncio.gather(*(keys.get(f"made-up-{n}") for n in range(20)), return_exceptions=True)
    assert {type(result) for result in results} == {BadToken}
    assert issuer.reads == before
