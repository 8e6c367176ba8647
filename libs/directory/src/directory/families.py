"""Keeping households and persons: rows keep the highest revision, whatever order, duplication or lateness of events.

No handler depends on another event having arrived: a person may come before the household, a departure before the join.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import HouseholdRegistered, PersonJoined, PersonLeft
from events.received import Received

from .bulk import columns_of, highest

_HOUSEHOLDS = text("""
    INSERT INTO directory_households AS known (id, revision, number, region_code, path, household_type, category,
                                               risk_eliminated, causes, no_labour, size, grid)
    SELECT id, revision, number, region_code, path, household_type, category, risk_eliminated,
           array_remove(string_to_array(causes, ','), ''), no_labour, size, grid
    FROM unnest(CAST(:id AS uuid[]), CAST(:revision AS integer[]), CAST(:number AS text[]),
                CAST(:region_code AS text[]), CAST(:path AS text[]), CAST(:household_type AS text[]),
                CAST(:category AS text[]), CAST(:risk_eliminated AS boolean[]), CAST(:causes AS text[]),
                CAST(:no_labour AS boolean[]), CAST(:size AS integer[]), CAST(:grid AS text[]))
         AS told(id, revision, number, region_code, path, household_type, category, risk_eliminated, causes,
                 no_labour, size, grid)
    ON CONFLICT (id) DO UPDATE SET
        revision = excluded.revision, number = excluded.number, region_code = excluded.region_code,
        path = excluded.path, household_type = excluded.household_type, category = excluded.category,
        risk_eliminated = excluded.risk_eliminated, causes = excluded.causes, no_labour = excluded.no_labour,
        size = excluded.size, grid = excluded.grid
    WHERE known.revision < excluded.revision
""")

_PATHS = text("""
    UPDATE directory_persons AS person SET path = home.path
    FROM directory_households AS home
    WHERE home.id = ANY(CAST(:households AS uuid[])) AND person.household_id = home.id
      AND person.path IS DISTINCT FROM home.path
""")


async def on_household(tx: AsyncConnection, events: Sequence[Received[HouseholdRegistered]]) -> None:
    """The household as it now stands."""
    newest = highest(events, key=lambda e: e.key, revision=lambda e: e.data.aggregate_revision)
    rows = [
        {"id": e.household_id or e.key, "revision": e.data.aggregate_revision, "causes": ",".join(e.data.causes)}
        | e.data.model_dump(
            include={
                "number", "region_code", "path", "household_type", "category", "risk_eliminated", "no_labour", "size",
                "grid",
            }
        )
        for e in newest
    ]  # fmt: skip
    await tx.execute(_HOUSEHOLDS, columns_of(rows))
    await tx.execute(_PATHS, {"households": [row["id"] for row in rows]})


_PERSONS = text("""
    INSERT INTO directory_persons AS known (id, revision, blind_index, masked_name, birth_date, sex, labour_skill,
                                            in_school, head)
    SELECT id, revision, blind_index, masked_name, birth_date, sex, labour_skill, in_school, head
    FROM unnest(CAST(:id AS uuid[]), CAST(:revision AS integer[]), CAST(:blind_index AS text[]),
                CAST(:masked_name AS text[]), CAST(:birth_date AS date[]), CAST(:sex AS text[]),
                CAST(:labour_skill AS text[]), CAST(:in_school AS boolean[]), CAST(:head AS boolean[]))
         AS told(id, revision, blind_index, masked_name, birth_date, sex, labour_skill, in_school, head)
    ON CONFLICT (id) DO UPDATE SET
        revision = excluded.revision, blind_index = excluded.blind_index, masked_name = excluded.masked_name,
        birth_date = excluded.birth_date, sex = excluded.sex, labour_skill = excluded.labour_skill,
        in_school = excluded.in_school, head = excluded.head
    WHERE known.revision < excluded.revision
""")

_MEMBERSHIPS = text("""
    INSERT INTO directory_memberships AS known (person_id, household_id, since, revision)
    SELECT * FROM unnest(CAST(:person_id AS uuid[]), CAST(:household_id AS uuid[]), CAST(:since AS date[]),
                         CAST(:revision AS integer[]))
    ON CONFLICT (person_id, household_id, since) DO UPDATE SET revision = excluded.revision
    WHERE known.revision < excluded.revision
""")

# A certificate that was corrected leaves its old index free for whoever really holds it.
_FORGET = text("""
    UPDATE directory_identities AS known SET person_id = NULL
    FROM directory_persons AS person
    WHERE person.id = ANY(CAST(:persons AS uuid[])) AND known.person_id = person.id
      AND known.blind_index <> person.blind_index
""")

_IDENTIFY = text("""
    INSERT INTO directory_identities AS known (blind_index, person_id)
    SELECT DISTINCT ON (blind_index) blind_index, id FROM directory_persons
    WHERE id = ANY(CAST(:persons AS uuid[])) ORDER BY blind_index, id
    ON CONFLICT (blind_index) DO UPDATE SET person_id = excluded.person_id
    WHERE known.person_id IS DISTINCT FROM excluded.person_id
""")

_HOMES = text("""
    UPDATE directory_persons AS person SET household_id = home.household_id, path = home.path
    FROM unnest(CAST(:persons AS uuid[])) AS touched(person_id)
    LEFT JOIN LATERAL (
        SELECT joined.household_id, household.path
        FROM directory_memberships AS joined
        LEFT JOIN directory_households AS household ON household.id = joined.household_id
        WHERE joined.person_id = touched.person_id AND NOT EXISTS (
            SELECT FROM directory_departures AS gone
            WHERE gone.person_id = joined.person_id AND gone.household_id = joined.household_id
              AND gone.revision > joined.revision)
        ORDER BY joined.revision DESC LIMIT 1
    ) AS home ON true
    WHERE person.id = touched.person_id
      AND (person.household_id, person.path) IS DISTINCT FROM (home.household_id, home.path)
""")


async def on_person(tx: AsyncConnection, events: Sequence[Received[PersonJoined]]) -> None:
    """The person as it now stands, a member of the household whose key the event came under."""
    newest = highest(events, key=lambda e: e.data.person_id, revision=lambda e: e.data.aggregate_revision)
    fields = {"blind_index", "masked_name", "birth_date", "sex", "labour_skill", "in_school", "head"}
    rows = [
        {"id": e.data.person_id, "revision": e.data.aggregate_revision} | e.data.model_dump(include=fields)
        for e in newest
    ]
    joins: list[dict[str, Any]] = [
        {"person_id": e.data.person_id, "household_id": e.key, "since": e.data.since,
         "revision": e.data.aggregate_revision}
        for e in events
    ]  # fmt: skip
    beginnings = highest(
        joins, key=lambda j: (j["person_id"], j["household_id"], j["since"]), revision=lambda j: j["revision"]
    )
    persons = {"persons": sorted({e.data.person_id for e in newest})}
    await tx.execute(_PERSONS, columns_of(rows))
    await tx.execute(_MEMBERSHIPS, columns_of(beginnings))
    await tx.execute(_FORGET, persons)
    await tx.execute(_IDENTIFY, persons)
    await tx.execute(_HOMES, persons)


_DEPARTURES = text("""
    INSERT INTO directory_departures (person_id, household_id, revision, until)
    SELECT * FROM unnest(CAST(:person_id AS uuid[]), CAST(:household_id AS uuid[]), CAST(:revision AS integer[]),
                         CAST(:until AS date[]))
    ON CONFLICT DO NOTHING
""")


async def on_person_left(tx: AsyncConnection, events: Sequence[Received[PersonLeft]]) -> None:
    """The person no longer belongs to the household whose key the event came under, and to that one only."""
    rows = [
        {"person_id": e.data.person_id, "household_id": e.key, "revision": e.data.aggregate_revision,
         "until": e.data.until}
        for e in events
    ]  # fmt: skip
    await tx.execute(_DEPARTURES, columns_of(rows))
    await tx.execute(_HOMES, {"persons": sorted({e.data.person_id for e in events})})
