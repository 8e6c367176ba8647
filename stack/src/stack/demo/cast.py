"""Who the year is played with: households and earners drawn from what the platform itself answers."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

from ..api import Api
from .clients import CITY

_WORKING_AGE: Final = (18, 59)
_ABLE: Final = ("ordinary", "skilled")


@dataclass(slots=True)
class Earner:
    """A person with a job in the story."""

    household_id: UUID
    person_id: UUID
    started_on: date
    wage: Decimal
    """yuan a month, as agreed"""
    spell_id: UUID | None = None
    ended: bool = False

    def works(self, month: str) -> bool:
        """Whether the job runs now and ran in this month."""
        return self.spell_id is not None and not self.ended and f"{self.started_on:%Y-%m}" <= month


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of the story.

    Attributes:
        households: every household of the platform.
        earners: one or two of some households.
    """

    households: Sequence[UUID]
    earners: Sequence[Earner]


async def draw_cast(
    api: Api, random: Random, on: date, earning_households: int = 100, *, without: Set[UUID] = frozenset()
) -> Cast:
    """Draw the cast; the same seed on the same data draws the same. Nobody of the households `without` earns."""
    households = [UUID(row["id"]) async for row in _households(api)]
    earners: list[Earner] = []
    free = [household_id for household_id in households if household_id not in without]
    for household_id in random.sample(free, min(len(free), earning_households * 2)):
        able = await _able_members(api, household_id, on)
        chosen = able[: random.choice((1, 1, 2))]
        earners += [_earner(household_id, person_id, random, on) for person_id in chosen]
        if len({earner.household_id for earner in earners}) >= earning_households:
            break
    return Cast(households, earners)


async def _households(api: Api) -> Any:
    token: str | None = None
    while True:
        params = {"page_token": token} if token else {}
        page = await api.get(CITY, "/households/v1/households", page_size=200, **params)
        for row in page["items"]:
            yield row
        if not (token := page["next_page_token"]):
            return


async def _able_members(api: Api, household_id: UUID, on: date) -> list[UUID]:
    household = await api.get(CITY, f"/households/v1/households/{household_id}")
    return [
        UUID(member["id"])
        for member in household["members"]
        if member["labour_skill"] in _ABLE and _WORKING_AGE[0] <= _age(member["birth_date"], on) <= _WORKING_AGE[1]
    ]


def _age(born: str, on: date) -> int:
    birth = date.fromisoformat(born)
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _earner(household_id: UUID, person_id: UUID, random: Random, on: date) -> Earner:
    wage = Decimal(random.randrange(1_400, 4_200, 50))
    return Earner(household_id=household_id, person_id=person_id, started_on=on, wage=wage)
