"""How a department names a person, and where the fact it reports then belongs.

A person is named by id or by certificate, which travels in the body only and is looked up by its blind index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.cipher import FieldCipher
from kit.errors import Conflict, Forbidden, Invalid, Refusal
from kit.identity import normalise_certificate
from kit.models import RequestModel, SecretText

from .people import PersonRef, persons_by_id, resolve_all


class PersonNamed(RequestModel):
    """人员: by `person_id`, or by `certificate` (18, 20 or 22 characters), best together with the 户编号."""

    person_id: UUID | None = None
    certificate: Annotated[SecretText, Field(min_length=1, max_length=64)] | None = None
    household_number: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[0-9A-Za-z-]+$")] | None = None

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if (self.person_id is None) == (self.certificate is None):
            raise ValueError("name the person by person_id or by certificate")
        return self


class RegisteredElsewhere(Conflict):
    """在其他地区登记: the person is registered outside one's area; nothing more is told."""

    code = "registered-elsewhere"
    zh, en = "该人员已在其他地区登记", "this person is registered elsewhere"
    fix_zh, fix_en = "请由登记地的部门办理", "let the department of that area report it"


class OtherHousehold(Conflict):
    """户编号不符: the person belongs to another household than the one named."""

    code = "other-household"
    zh, en = "该人员不在所填户编号的家庭中", "the person does not belong to the household of this number"
    fix_zh, fix_en = "请核对户编号和证件号码", "check the household number and the certificate"


class PersonUnknown(Invalid):
    """人员不存在: no person has this id."""

    code = "person-unknown"
    zh, en = "没有这个人员编号", "no person has this id"
    fix_zh, fix_en = "请核对编号，或改用证件号码", "check the id, or name the person by certificate"


class NoArea(Forbidden):
    """没有管理范围: who answers for no area cannot report facts."""

    code = "no-area"
    zh, en = "当前账号没有管理范围，不能登记", "this account answers for no area and cannot report"


def reporting_area(paths: Sequence[str]) -> str:
    """The area under which a reporter's unmatched facts are kept: the widest, first in order.

    Raises:
        NoArea: there is none.
    """
    if not paths:
        raise NoArea
    return min(paths, key=lambda path: (len(path), path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """归属: where a fact belongs; without a household it is unmatched and waits under its own id."""

    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    path: str
    blind_index: str | None

    def key(self, fact_id: UUID) -> UUID:
        """The key of the fact's events."""
        return self.household_id or fact_id

    def values(self) -> dict[str, Any]:
        """The values of the columns of `facts.fact_columns` that it decides."""
        names = ("person_id", "household_id", "region", "path", "blind_index")
        return {name: getattr(self, name) for name in names}


async def place(
    tx: AsyncConnection,
    named: Sequence[PersonNamed],
    *,
    cipher: FieldCipher,
    area: str,
    on: date,
    pointers: Sequence[str] | None = None,
) -> list[Placed | Refusal]:
    """Where the facts about these persons belong, each on its own; what cannot be accepted comes back as a refusal.

    Whoever is not registered is noted as awaited first: a registration that is under way at this moment is waited
    for, one that comes later finds the fact.

    Args:
        tx: of the report.
        named: the persons.
        cipher: makes the blind index.
        area: the reporter's management path, kept with what is unmatched.
        on: the day of the household.
        pointers: where each person stands in the request.
    """
    indexes = [_indexes(person, cipher) for person in named]
    wanted = {index for found in indexes if isinstance(found, list) for index in found}
    known = await resolve_all(tx, wanted, on)
    newcomers = {found[0] for found in indexes if isinstance(found, list) and found and not known.keys() & set(found)}
    if newcomers and await _await_all(tx, newcomers):
        known |= await resolve_all(tx, newcomers, on)
    by_id = await persons_by_id(tx, {person.person_id for person in named if person.person_id}, on)
    placed = [_placed(one, found, known, by_id, area) for one, found in zip(named, indexes, strict=True)]
    for refusal, pointer in zip(placed, pointers or ["/person"] * len(placed), strict=True):
        if isinstance(refusal, Refusal):
            refusal.pointer = f"{pointer}{refusal.pointer or ''}"
    return placed


def _indexes(person: PersonNamed, cipher: FieldCipher) -> list[str] | Refusal:
    """The blind index under today's key first, then under older ones."""
    if person.certificate is None:
        return []
    try:
        id18 = normalise_certificate(person.certificate.get_secret_value()).id18
    except Refusal as refusal:
        refusal.pointer = "/certificate"
        return refusal
    today = cipher.blind_index(id18)
    return [today, *(index for index in cipher.blind_indexes(id18) if index != today)]


# The row lock makes this wait for a registration under way, and makes a later one wait for this transaction.
_AWAIT = text("""
    INSERT INTO directory_identities AS known (blind_index)
    SELECT unnest(CAST(:wanted AS text[]))
    ON CONFLICT (blind_index) DO UPDATE SET person_id = known.person_id
    RETURNING person_id
""")


async def _await_all(tx: AsyncConnection, wanted: set[str]) -> bool:
    """Note certificates as awaited; whether one of them has been registered meanwhile."""
    return any(await tx.scalars(_AWAIT, {"wanted": sorted(wanted)}))


def _placed(
    named: PersonNamed,
    indexes: list[str] | Refusal,
    known: Mapping[str, PersonRef],
    by_id: Mapping[UUID, PersonRef],
    area: str,
) -> Placed | Refusal:
    if isinstance(indexes, Refusal):
        return indexes
    if named.person_id is not None:
        person = by_id.get(named.person_id)
        if person is None:
            return PersonUnknown(pointer="/person_id")
    else:
        person = next((known[index] for index in indexes if index in known), None)
        if person is None:
            return Placed(person_id=None, household_id=None, region=None, path=area, blind_index=indexes[0])
    home = person.home
    if home is None:
        return RegisteredElsewhere()
    if named.household_number not in (None, home.number):
        return OtherHousehold(pointer="/household_number")
    return Placed(
        person_id=person.person_id,
        household_id=home.household_id,
        region=home.region,
        path=home.path,
        blind_index=None,
    )
