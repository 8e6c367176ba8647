"""Profiles kept as text beside their rows, so that a policy change or a what-if need not read and fold the facts.

One is good for the very facts its row has read (`received`) and for the days on which they say nothing new; anything
else goes the whole way. A rebuild keeps none and reads none: it proves that the short way ends where the long one does.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ..risk.rules import Profile
from .rules import Kept
from .written import FORM, as_kept, profile_of

_READ: Final = text("""
    SELECT k.household_id, k.first_on, k.profile FROM kept_profiles AS k JOIN profiles AS p USING (household_id)
    WHERE household_id = ANY(CAST(:ids AS uuid[])) AND k.received = p.received AND k.until_on > :on
      AND k.form = :form
""")
_WRITE: Final = text("""
    INSERT INTO kept_profiles (form, household_id, received, first_on, until_on, profile)
    SELECT :form, * FROM unnest(CAST(:household_id AS uuid[]), CAST(:received AS bigint[]), CAST(:first_on AS date[]),
                         CAST(:until_on AS date[]), CAST(:profile AS text[]))
    ON CONFLICT (household_id) DO UPDATE SET
        received = excluded.received, first_on = excluded.first_on, until_on = excluded.until_on,
        form = excluded.form, profile = excluded.profile
""")


async def read(tx: AsyncConnection, households: Collection[UUID], on: date) -> dict[UUID, Kept]:
    """What is kept of these households and still good on a day; the business date has not been later meanwhile."""
    if not households:
        return {}
    rows = await tx.execute(_READ, {"ids": list(households), "on": on, "form": FORM})
    return {row.household_id: Kept(profile_of(row.profile), row.first_on) for row in rows}


async def write(tx: AsyncConnection, folded: Iterable[tuple[Profile, int, date]]) -> None:
    """Keep profiles, each with the last event read into it and the day it was looked at."""
    rows = list(folded)
    if not rows:
        return
    columns = {
        "form": FORM,
        "household_id": [profile.household_id for profile, _, _ in rows],
        "received": [received for _, received, _ in rows],
        "first_on": [on for _, _, on in rows],
        "until_on": [profile.next_change for profile, _, _ in rows],
        "profile": [as_kept(profile) for profile, _, _ in rows],
    }
    await tx.execute(_WRITE, columns)
