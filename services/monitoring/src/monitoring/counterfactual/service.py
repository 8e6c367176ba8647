"""Use cases of counterfactuals; nothing is written."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from kit import policy
from kit.errors import NotFound

from ..policy.queries import business_date
from ..policy.rules import Remembering
from ..profile import views
from ..profile.hindsight import facts_known
from ..whatif.rules import Known, PeriodAhead, PeriodTurned, TooLong
from ..whatif.rules.refusals import MOST_DAYS
from .rules import Compared, compared

_YEAR: Final = timedelta(days=365)


async def without(
    tx: AsyncConnection, household_id: UUID, facts: Collection[UUID], *, first_on: date | None, last_on: date | None
) -> tuple[Compared, date, date]:
    """The household's path with and without facts, and its days; without days the year up to the business date.

    Raises:
        NotFound: not there, or out of scope.
        PeriodTurned, PeriodAhead, TooLong, FactsUnknown: as they say.
    """
    if await views.profile(tx, household_id) is None:
        raise NotFound
    today = await business_date(tx)
    last = last_on or today
    if today is None or last is None or last > today:
        raise PeriodAhead
    first = first_on or last - _YEAR
    if last < first:
        raise PeriodTurned
    if (last - first).days >= MOST_DAYS:
        raise TooLong
    # From the log: the rows of a household that was merged into this one lie in nobody's area.
    _, known = await facts_known(tx, household_id, today)
    book = await policy.load(tx)

    def boundary(on: date) -> date:
        return book.changes(on) or date.max

    found = compared(Known(household_id, known), facts, (Remembering(book), boundary), first=first, last=last)
    return found, first, last
