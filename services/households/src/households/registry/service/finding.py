"""Finding by name, phone, certificate or number; what is asked for is audited by its kind, never by its value."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from events.locks import locked
from kit import audit
from kit.cipher import FieldCipher
from kit.errors import Refusal

from ..queries import Household, households_by_id, households_by_number, persons_by_id
from ..queries.finding import Found, persons_found, without_index
from ..rules import PersonAmbiguous, PersonUnknown, SearchTooWide, name_key
from ..tables import persons
from .lookup import household_of_certificate
from .people import name_index, opened, phone_index

MOST_FOUND = 50
MOST_CANDIDATES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """查询条件: what is known of a household or person; `path` only narrows."""

    number: str | None = None
    certificate: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    birth_date: date | None = None
    path: str | None = None


async def search_households(tx: AsyncConnection, wanted: Wanted, *, cipher: FieldCipher) -> list[Household]:
    """Households that fit; a merged one is answered by the one that stands.

    Raises:
        SearchTooWide: more than 50 fit.
        RegisteredElsewhere: the certificate is registered, but out of scope.
    """
    found = await _found(tx, wanted, cipher)
    if wanted.path is not None:
        found = [home for home in found if home.path.startswith(wanted.path)]
    for home in found:
        asked = next(name for name in ("certificate", "number", "name", "phone") if getattr(wanted, name))
        await audit.record(tx, action="find_household", entity="households", entity_id=home.id, detail={"by": asked})
    return found


async def _found(tx: AsyncConnection, wanted: Wanted, cipher: FieldCipher) -> list[Household]:
    if wanted.certificate is not None:
        one = await household_of_certificate(tx, wanted.certificate, cipher=cipher)
        return [one] if one else []
    if wanted.number is not None:
        return await _standing(tx, (await households_by_number(tx, [wanted.number])).values())
    people = await _people(tx, wanted, cipher, limit=MOST_FOUND + 1)
    if len(people) > MOST_FOUND:
        raise SearchTooWide
    homes = await households_by_id(tx, {person.household_id for person in people})
    return sorted(homes.values(), key=lambda home: home.number)


async def _standing(tx: AsyncConnection, homes: Iterable[Household]) -> list[Household]:
    ids = {home.merged_into or home.id for home in homes}
    return list((await households_by_id(tx, ids)).values())


async def _people(tx: AsyncConnection, wanted: Wanted, cipher: FieldCipher, *, limit: int) -> list[Found]:
    names = cipher.blind_indexes(f"name\x1f{name_key(wanted.name)}") if wanted.name else []
    phones = cipher.blind_indexes(f"phone\x1f{wanted.phone.strip()}") if wanted.phone else []
    return await persons_found(
        tx, names=names, phones=phones, birth_date=wanted.birth_date, path=wanted.path, limit=limit
    )


async def identify_person(tx: AsyncConnection, wanted: Wanted, *, cipher: FieldCipher) -> Found:
    """The one person who fits what is known.

    Raises:
        PersonUnknown: nobody in scope fits.
        PersonAmbiguous: more than one does; they are named masked, none is chosen.
    """
    people = await _people(tx, wanted, cipher, limit=MOST_CANDIDATES)
    if not people:
        raise PersonUnknown
    if len(people) > 1:
        raise PersonAmbiguous(several=[_candidate(person) for person in people])
    [person] = people
    await audit.record(tx, action="identify_person", entity="persons", entity_id=person.person_id)
    return person


def _candidate(person: Found) -> Refusal:
    born = person.birth_date.year
    return PersonAmbiguous(
        zh=f"{person.masked_name}，{born} 年生，户编号 {person.household_number}",
        en=f"{person.masked_name}, born {born}, household {person.household_number}",
    )


async def fill_indexes(tx: AsyncConnection, *, cipher: FieldCipher, limit: int = 200) -> int:
    """Index names and phones of persons that were registered without; how many were left to do."""
    waiting = await without_index(tx, limit)
    # a name corrected meanwhile must not be overwritten by the index of the old one
    await locked(tx, waiting.values())
    for person in (await persons_by_id(tx, waiting)).values():
        phone = opened(person, "phone", cipher)
        values = {
            "name_index": name_index(opened(person, "name", cipher) or "", cipher),
            "phone_index": phone_index(phone, cipher) if phone else None,
        }
        await tx.execute(update(persons).where(persons.c.id == person.id).values(values))
    return len(waiting)
