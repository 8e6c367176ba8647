"""Measures that departments carry out: what their events tell is kept, and read as of any day.

They are never told again as MeasureStarted: whoever counts help hears the departments too.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.locks import locked
from kit.bulk import write_rows

from ...rechecks import service as rechecks
from ...regions import service as regions
from ...registry import service as registry
from ..queries import told_of
from ..rules import GivenMeasure, Life, home_of_fact, put_together
from ..tables import given_measures


async def take_given(tx: AsyncConnection, told: Sequence[GivenMeasure]) -> None:
    """Keep what departments told; a revision that is here already stays as it is."""
    if not told:
        return
    on = await regions.today(tx)
    rows = {(fact.service, fact.fact_id, fact.revision): asdict(fact) | {"recorded_on": on} for fact in told}
    await write_rows(tx, given_measures, list(rows.values()), conflict="keep")
    # that help is over changes no finding: it goes on counting as help that was given
    helped = {fact.household_id for fact in told if fact.category is not None or fact.revision > 1}
    homes = await registry.households_by_id(tx, helped)
    concerned = {home.merged_into or home.id for home in homes.values()}
    await locked(tx, concerned)
    await rechecks.mark(tx, concerned)


async def given_to(
    tx: AsyncConnection, household_ids: Collection[UUID], *, as_of: date | None = None
) -> dict[UUID, list[GivenMeasure]]:
    """The measures that departments carried out for each of these households and those merged into them, void ones too.

    A measure of a person counts where the person lived on the day it began.

    Args:
        tx: the open transaction.
        household_ids: of households that stand.
        as_of: as recorded by the end of that day; None = as it now stands.
    """
    home_of = {**{id_: id_ for id_ in household_ids}, **await registry.aliases_of(tx, household_ids)}
    lives: dict[UUID, list[Life]] = {}
    for stay in await registry.lives_around(tx, home_of):
        life = Life(person_id=stay.person_id, household_id=stay.household_id, since=stay.since, until=stay.until)
        lives.setdefault(life.person_id, []).append(life)
    found: dict[UUID, list[GivenMeasure]] = {id_: [] for id_ in household_ids}
    for measure in put_together(await told_of(tx, home_of, lives, as_of=as_of)):
        home = home_of_fact(measure, lives)
        if home is not None and home in home_of:
            found[home_of[home]].append(measure)
    return found
