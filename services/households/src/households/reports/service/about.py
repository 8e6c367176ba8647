"""What a household may know of itself: who read its data, and how its contests stand."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.locks import locked
from kit import policy
from kit.cipher import FieldCipher

from ...regions import service as regions
from ...registry import service as registry
from ..queries import Contest, Reading, contests_of, readings
from ..rules import Opens
from .receipts import issue, revoke

CODE_DAYS: Final = "door.code_days"
"""The policy value that says how long a household code is valid."""
MOST_READINGS: Final = 200

ACTIONS: Final = {
    "read_household": "查看户信息",
    "find_household": "查询到本户",
    "read_member_history": "查看成员史",
    "read_person": "查看成员",
    "identify_person": "识别到成员",
    "reveal_person": "查看姓名、证件和电话明文",
    "read_statement": "查看收入台账",
    "list_figures": "查看收入登记",
    "list_conditions": "查看保障问题",
    "list_expenses": "查看支出",
    "list_helpers": "查看帮扶责任人",
    "list_visits": "查看走访记录",
    "reveal_report": "查看申报内容明文",
}
"""Audited reads and what they are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """本户知情: readings and contests of a household."""

    household_id: UUID
    readings: list[Reading]
    contests: list[Contest]


async def readers(tx: AsyncConnection, household_id: UUID) -> list[Reading]:
    """Who read, found or revealed something of the household or its persons, the latest first."""
    home = await registry.get_household(tx, household_id)
    return await readings(tx, await registry.family_ids(tx, home.id), ACTIONS, MOST_READINGS)


async def about(tx: AsyncConnection, household_id: UUID) -> About:
    """What the household may know of itself."""
    contested = await contests_of(tx, household_id=household_id)
    return About(household_id=household_id, readings=await readers(tx, household_id), contests=contested)


async def issue_code(tx: AsyncConnection, household_id: UUID, *, cipher: FieldCipher) -> str:
    """户码: a new code by which the household asks about itself without login; the one before ends."""
    await locked(tx, [household_id])
    home = await registry.get_standing(tx, household_id)
    on = await regions.today(tx)
    days = (await policy.load(tx)).at(CODE_DAYS, home.path, on)
    await revoke(tx, home.id, opens=Opens.HOUSEHOLD, on=on)
    until = on + timedelta(days=int(days.value)) if days else on
    return await issue(tx, home.id, home.path, opens=Opens.HOUSEHOLD, cipher=cipher, valid_until=until)
