"""What was true on one day by what was known on another: the received log up to then, folded anew. Read only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.errors import Invalid, NotFound

from ..policy.queries import business_date
from ..policy.service import book_known
from ..received import event_of
from ..risk.rules import Fact
from . import views
from .book import FactBook
from .intake import FACTS, STEPS, fact_of, tells
from .rules import Cause, Household, Status, assess

_TYPES: Final = [cls.wire_type() for cls in (*FACTS, *STEPS)]

# Members' facts count whatever household's key they came under.
_LOGGED: Final = text("""
    WITH homes AS (
        SELECT other.household_id FROM directory_memberships AS mine
        JOIN directory_memberships AS other USING (person_id) WHERE mine.household_id = :id
        UNION SELECT CAST(:id AS uuid)
    )
    SELECT r.number, r.source, r.seq, r.id, r.type, r.key, r.household_id, r.region, r.fact_id, r.revision, r.void,
           r.occurred_at, r.recorded_at, r.correlation_id, r.causation_id, r.traceparent, r.data::text AS data
    FROM received_log AS r JOIN homes USING (household_id)
    WHERE r.number <= :until AND r.type = ANY(CAST(:types AS text[])) ORDER BY r.number
""")
_UNTIL: Final = text("""
    SELECT coalesce((SELECT min(number) - 1 FROM gates WHERE business_date > :known),
                    (SELECT max(number) FROM received_log), 0)
""")


class NotKnownThen(NotFound):
    """当时尚无此户."""

    code = "not-known-then"
    zh, en = "到该日为止平台尚未收到该户的登记", "nothing of this household had arrived by that day"


class DayAhead(Invalid):
    """日期在业务日期之后."""

    code = "day-ahead"
    zh, en = "日期不能晚于业务日期", "the day lies after the business date"
    fix_zh, fix_en = "请选择业务日期或更早的日期", "choose the business date or an earlier day"
    pointer = "query:as_of"


@dataclass(frozen=True, slots=True)
class Hindsight:
    """回溯结果.

    Attributes:
        until: the last entry of the received log that was used.
        facts: by id, those that were known then; `contested`, ids of what was contested.
    """

    status: Status
    as_of: date
    known: date
    until: int
    facts: Mapping[UUID, Fact]
    contested: frozenset[str]


async def look_back(tx: AsyncConnection, household_id: UUID, *, as_of: date | None, known: date | None) -> Hindsight:
    """The household's picture on a day by what was known at the end of another; without dwell, as nothing stood before.

    Raises:
        NotFound: not there, or out of scope.
        DayAhead, NotKnownThen: as they say.
    """
    if await views.profile(tx, household_id) is None:
        raise NotFound
    today = await business_date(tx)
    as_of, known = as_of or today, known or today
    if today is None or as_of is None or known is None or max(as_of, known) > today:
        raise DayAhead
    until, facts = await facts_known(tx, household_id, known)
    world = await book_known(tx, until, as_of)
    household = Household(household_id, facts)
    status, _ = assess(Status(household_id), household, world, Cause(household_id))
    if status.profile is None:
        raise NotKnownThen
    contests = (fact for fact in facts if fact.kind == "ContestRaised" and not fact.void)
    contested = frozenset(str(fact.data["contested_fact_id"]) for fact in contests)
    return Hindsight(status, as_of, known, until, {fact.id: fact for fact in facts}, contested)


async def facts_known(tx: AsyncConnection, household_id: UUID, known: date) -> tuple[int, list[Fact]]:
    """What its fold read at the end of a day, households merged into it included, and up to which entry of the log."""
    until = int((await tx.execute(_UNTIL, {"known": known})).scalar_one())
    book = FactBook()
    for event in map(event_of, await tx.execute(_LOGGED, {"id": household_id, "until": until, "types": _TYPES})):
        if tells(event):
            book.accept(fact_of(event))
    return until, list(book.of(household_id))


_ENTRIES: Final = text("""
    SELECT number, fact_id, recorded_at, received_at, split_part(traceparent, '-', 2) AS trace_id, correlation_id
    FROM received_log WHERE number = ANY(CAST(:numbers AS bigint[]))
""")


async def entries(tx: AsyncConnection, numbers: list[int]) -> dict[int, Any]:
    """Entries of the received log by number: times and traces."""
    return {row.number: row for row in await tx.execute(_ENTRIES, {"numbers": numbers})}
