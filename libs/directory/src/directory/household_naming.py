"""How a department names a household: by its 户编号 or id, or by a person of it, registered or not yet."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.cipher import FieldCipher
from kit.errors import Invalid, Refusal
from kit.models import RequestModel

from .naming import PersonNamed, Placed, place
from .people import household_by_number, households_by_id


class HouseholdNamed(RequestModel):
    """户: by `household_number` or `household_id`, or as the household of a `person`."""

    household_number: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9A-Za-z-]+$")] | None = None
    household_id: UUID | None = None
    person: PersonNamed | None = None

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        if [self.household_number, self.household_id, self.person].count(None) != 2:
            raise ValueError("one of household_number, household_id, person")
        return self


class HouseholdUnknown(Invalid):
    """户编号不存在."""

    code = "household-unknown"
    zh, en = "没有这个户编号，或不在您的管理范围内", "no household has this number, or it lies outside your area"
    fix_zh, fix_en = "请核对户编号，或改用证件号码", "check the number, or name a person by certificate"


async def place_households(
    tx: AsyncConnection,
    named: Sequence[HouseholdNamed],
    *,
    cipher: FieldCipher,
    area: str,
    on: date,
    pointers: Sequence[str],
) -> list[Placed]:
    """Where the facts about these households belong; all of them or none.

    Args:
        tx: of the report.
        named: the households.
        cipher: makes blind indexes.
        area: the reporter's management path, kept with what is unmatched.
        on: the day on which a person's household is asked for.
        pointers: where each stands in the request.

    Raises:
        Refusal: the one that cannot be accepted, or `Invalid` with `several`.
    """
    persons = {index: one.person for index, one in enumerate(named) if one.person is not None}
    found = await place(
        tx,
        list(persons.values()),
        cipher=cipher,
        area=area,
        on=on,
        pointers=[f"{pointers[index]}/person" for index in persons],
    )
    placed: dict[int, Placed | Refusal] = dict(zip(persons, found, strict=True))
    for index, one in enumerate(named):
        if index not in placed:
            placed[index] = await _household(tx, one, pointers[index])
    wheres = [where for _, where in sorted(placed.items())]
    refused = [where for where in wheres if isinstance(where, Refusal)]
    if refused:
        raise refused[0] if len(refused) == 1 else Invalid(several=refused)
    return [where for where in wheres if isinstance(where, Placed)]


async def _household(tx: AsyncConnection, named: HouseholdNamed, pointer: str) -> Placed | Refusal:
    if named.household_id is not None:
        home = (await households_by_id(tx, [named.household_id])).get(named.household_id)
    else:
        home = await household_by_number(tx, named.household_number or "")
    if home is None:
        field = "household_number" if named.household_id is None else "household_id"
        return HouseholdUnknown(pointer=f"{pointer}/{field}")
    return Placed(person_id=None, household_id=home.household_id, region=home.region, path=home.path, blind_index=None)
