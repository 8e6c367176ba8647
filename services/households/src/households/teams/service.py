"""Use cases of teams; none of them commits."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.base import Event
from events.catalog.households import TeamMemberAssigned, TeamMemberReleased, TeamRole
from events.ids import uuid7
from events.locks import locked
from events.log import NewEvent, append
from kit import clock
from kit.cipher import FieldCipher, mask_name, mask_phone
from kit.etag import require_version

from ..regions import service as regions
from ..registry import service as registry
from .queries import TeamMember, VillageGap, member, members_below, unhelped, village_gaps
from .rules import HouseholdElsewhere, MemberReleasedAlready, MemberUnknown, VillageTeamUnknown, WhoIsIt
from .tables import team_members

__all__ = [
    "Place",
    "TeamMember",
    "VillageGap",
    "assign_member",
    "members_below",
    "release_member",
    "unhelped",
    "village_gaps",
]

PURPOSE = "teams"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """六位一体的一个位置: a household takes it by its id, everybody else by name."""

    region_code: str
    role: TeamRole
    since: date
    organisation: str = ""
    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    household_id: UUID | None = None


async def assign_member(tx: AsyncConnection, place: Place, *, cipher: FieldCipher) -> TeamMember:
    """Somebody takes a place in a village's team.

    Raises:
        VillageTeamUnknown: no such village in scope.
        WhoIsIt, HouseholdElsewhere, HouseholdUnknown: as they say.
    """
    id_ = uuid7()
    await locked(tx, [id_])
    village = (await regions.current_regions(tx, [place.region_code])).get(place.region_code)
    if village is None or village.level != "village" or await registry.outside_scope(tx, [village.path]):
        raise VillageTeamUnknown
    if (place.role is TeamRole.HOUSEHOLD) != (place.household_id is not None) or bool(place.name) == bool(
        place.household_id
    ):
        raise WhoIsIt
    name = place.name.strip() if place.name else None
    row = TeamMember(
        id=id_,
        version=1,
        path=village.path,
        role=place.role,
        household_id=place.household_id,
        name=cipher.seal(PURPOSE, "team_members", "name", id_, name) if name else None,
        masked_name=mask_name(name) if name else await _head(tx, place.household_id, village.path),
        phone=cipher.seal(PURPOSE, "team_members", "phone", id_, place.phone) if place.phone else None,
        masked_phone=mask_phone(place.phone) if place.phone else None,
        organisation=place.organisation.strip(),
        since=place.since,
        until=None,
    )
    told = {name: getattr(row, name) for name in ("role", "path", "since", "organisation")}
    await _save(tx, row, TeamMemberAssigned(member_id=id_, **told))
    return row


async def _head(tx: AsyncConnection, household_id: UUID | None, village: str) -> str:
    if household_id is None:
        raise WhoIsIt
    home = await registry.get_standing(tx, household_id)
    if home.path != village:
        raise HouseholdElsewhere
    people = (await registry.members(tx, [home.id]))[home.id]
    return people[0].masked_name if people else ""


async def release_member(tx: AsyncConnection, member_id: UUID, *, until: date, version: int) -> TeamMember:
    """Somebody gives a place up.

    Raises:
        MemberUnknown: no such member in scope.
        MemberReleasedAlready: it ended already, or would end before it began.
    """
    await locked(tx, [member_id])
    row = await member(tx, member_id)
    if row is None:
        raise MemberUnknown
    require_version(row.version, version)
    if row.until is not None or until < row.since:
        raise MemberReleasedAlready
    after = replace(row, until=until, version=row.version + 1)
    await _save(tx, after, TeamMemberReleased(member_id=row.id, role=row.role, path=row.path, until=until))
    return after


async def _save(tx: AsyncConnection, row: TeamMember, event: Event) -> None:
    values: dict[str, Any] = {name: getattr(row, name) for name in TeamMember.__slots__}
    statement = insert(team_members).values(**values)
    columns = {name: statement.excluded[name] for name in values if name != "id"}
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=columns))
    await append(tx, NewEvent(event=event, key=row.id, occurred_at=clock.now(), fact_id=row.id, revision=row.version))
