"""Finding households and persons for other capabilities and for the routes."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from kit.cipher import FieldCipher
from kit.identity import normalise_certificate

from ..queries import Household, Person, aliases_of, household, households_by_id, persons_by_id, persons_of
from ..rules import HouseholdMergedAway, HouseholdUnknown, PersonUnknown, RegisteredElsewhere


async def standing(tx: AsyncConnection, ids: Collection[UUID], *, merged_too: bool = False) -> dict[UUID, Household]:
    """The households a bulk use case is about.

    Args:
        tx: the open transaction.
        ids: of households.
        merged_too: what ends something may still speak of a household that was merged away.

    Raises:
        HouseholdUnknown: one of them is not registered or not in scope.
        HouseholdMergedAway: one of them was merged into another one.
    """
    found = await households_by_id(tx, ids)
    if len(found) < len(set(ids)):
        raise HouseholdUnknown
    if not merged_too and any(home.merged_into for home in found.values()):
        raise HouseholdMergedAway
    return found


async def get_standing(tx: AsyncConnection, household_id: UUID) -> Household:
    """One household in scope that takes entries.

    Raises:
        HouseholdUnknown: not registered or not in scope.
        HouseholdMergedAway: it was merged into another one.
    """
    return (await standing(tx, [household_id]))[household_id]


async def family_ids(tx: AsyncConnection, household_id: UUID) -> list[UUID]:
    """The household and those merged into it: what was recorded for any of them speaks of it."""
    return [household_id, *sorted(await aliases_of(tx, [household_id]))]


async def get_household(tx: AsyncConnection, household_id: UUID) -> Household:
    """One household in scope.

    Raises:
        HouseholdUnknown: not registered or not in scope.
    """
    found = await household(tx, household_id)
    if found is None:
        raise HouseholdUnknown
    return found


async def get_person(tx: AsyncConnection, person_id: UUID) -> Person:
    """One person in scope, active or not.

    Raises:
        PersonUnknown: not registered or not in scope.
    """
    found = (await persons_by_id(tx, [person_id])).get(person_id)
    if found is None:
        raise PersonUnknown
    return found


async def household_of_certificate(tx: AsyncConnection, certificate: str, *, cipher: FieldCipher) -> Household | None:
    """The household a certificate belongs to; None where nobody holds it.

    Raises:
        Invalid: this is no certificate.
        RegisteredElsewhere: the person is registered, but out of scope; no candidate is named.
    """
    blind_index = cipher.blind_index(normalise_certificate(certificate).id18)
    person_id = (await persons_of(tx, [blind_index])).get(blind_index)
    if person_id is None:
        return None
    person = (await persons_by_id(tx, [person_id])).get(person_id)
    if person is None:
        raise RegisteredElsewhere
    return await household(tx, person.household_id) if person.active else None
