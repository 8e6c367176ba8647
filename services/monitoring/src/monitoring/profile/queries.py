"""Reading and writing facts and profiles, in bulk: a few statements per batch, whatever its size."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from json import dumps
from typing import Any, Final
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from events.received import Received

from ..received import event_of
from ..risk.rules import Fact
from .rules import JOINED

_JOINED: Final = sorted(JOINED)

_COLUMNS: Final = """
    fact_id, household_id, person_id, kind, revision, void, occurred_on, amount, data::text AS data, received,
    event_id, source
"""

_REBUILDS_AND_GATES = text("""
    SELECT coalesce((SELECT max(number) FROM rebuilds), 0) AS rebuilds,
           coalesce((SELECT max(number) FROM gates), 0) AS gates
""")

# The kinds of merges stand there literally, as in the partial index: they are few. Arrays of what was found, as joins
# with it would read the whole table.
_CONCERNED = text("""
    WITH known AS (
        SELECT household_id, person_id FROM facts WHERE fact_id = ANY(CAST(:ids AS uuid[]))
    ), found AS (
        SELECT unnest(CAST(:households AS uuid[])) AS household_id
        UNION SELECT household_id FROM known WHERE household_id IS NOT NULL
        UNION
        SELECT household_id FROM facts
        WHERE person_id = ANY(ARRAY(SELECT unnest(CAST(:persons AS uuid[])) UNION ALL SELECT person_id FROM known))
          AND kind = ANY(CAST(:joined AS text[])) AND household_id IS NOT NULL
    )
    SELECT household_id FROM found
    UNION
    SELECT CAST(coalesce(data->>'into_id', data->>'from_id') AS uuid) FROM facts
    WHERE household_id = ANY(ARRAY(SELECT household_id FROM found))
      AND kind IN ('HouseholdMerged', 'HouseholdUnmerged')
    UNION ALL
    SELECT NULL FROM known WHERE household_id IS NULL AND person_id IS NULL
""")

# What officers did about alerts, and steps of cases.
_PENDING = text("""
    SELECT r.number, r.source, r.seq, r.id, r.type, r.key, r.household_id, r.region, r.fact_id, r.revision, r.void,
           r.occurred_at, r.recorded_at, r.correlation_id, r.causation_id, r.traceparent, r.data::text AS data
    FROM received_log AS r
    WHERE number = ANY(ARRAY(
        SELECT number FROM alert_acts WHERE NOT applied AND household_id = ANY(CAST(:households AS uuid[]))
        UNION ALL
        SELECT number FROM case_steps WHERE NOT applied AND household_id = ANY(CAST(:households AS uuid[]))
    )) ORDER BY number
""")

_MERGED_INTO = text("""
    SELECT household_id FROM facts
    WHERE kind IN ('HouseholdMerged', 'HouseholdUnmerged')
      AND CAST(coalesce(data->>'into_id', data->>'from_id') AS uuid) = ANY(CAST(:households AS uuid[]))
""")

# Index scans: an OR over both columns would read the whole table.
_FACTS = text(f"""
    WITH members AS (
        SELECT person_id FROM facts
        WHERE household_id = ANY(CAST(:households AS uuid[])) AND kind = ANY(CAST(:joined AS text[]))
        UNION
        SELECT unnest(CAST(:persons AS uuid[]))
    )
    SELECT {_COLUMNS} FROM facts WHERE household_id = ANY(CAST(:households AS uuid[]))
    UNION ALL
    SELECT {_COLUMNS} FROM facts
    WHERE person_id IN (SELECT person_id FROM members)
      AND (household_id IS NULL OR household_id <> ALL(CAST(:households AS uuid[])))
    UNION ALL
    SELECT {_COLUMNS} FROM facts
    WHERE fact_id = ANY(CAST(:loose AS uuid[])) AND household_id IS NULL AND person_id IS NULL
""")  # noqa: S608 - constant column list

_WRITE_FACTS = text("""
    INSERT INTO facts (fact_id, household_id, person_id, kind, revision, void, occurred_on, amount, data, received,
                       event_id, source)
    SELECT fact_id, household_id, person_id, kind, revision, void, occurred_on, amount, CAST(data AS jsonb), received,
           event_id, source
    FROM unnest(CAST(:fact_id AS uuid[]), CAST(:household_id AS uuid[]), CAST(:person_id AS uuid[]),
                CAST(:kind AS text[]), CAST(:revision AS integer[]), CAST(:void AS boolean[]),
                CAST(:occurred_on AS date[]), CAST(:amount AS numeric[]), CAST(:data AS text[]),
                CAST(:received AS bigint[]), CAST(:event_id AS uuid[]), CAST(:source AS text[]))
         AS new(fact_id, household_id, person_id, kind, revision, void, occurred_on, amount, data, received, event_id,
                source)
    ON CONFLICT (fact_id) DO UPDATE SET
        household_id = excluded.household_id, person_id = excluded.person_id, kind = excluded.kind,
        revision = excluded.revision, void = excluded.void, occurred_on = excluded.occurred_on,
        amount = excluded.amount, data = excluded.data, received = excluded.received, event_id = excluded.event_id,
        source = excluded.source
    WHERE facts.revision < excluded.revision
""")

_PROFILES = text("""
    SELECT household_id, number, path, region, level, level_since, standings::text AS standings,
           indicators::text AS indicators, digest, received, gate, version, due_on
    FROM profiles WHERE household_id = ANY(CAST(:ids AS uuid[]))
""")

_WRITE_PROFILES = text("""
    INSERT INTO profiles (household_id, number, path, region, level, level_since, standings, outcomes, figures,
                          indicators, digest, received, gate, version, due_on)
    SELECT household_id, number, path, region, level, level_since, CAST(standings AS jsonb), CAST(outcomes AS jsonb),
           CAST(figures AS jsonb), CAST(indicators AS jsonb), digest, received, gate, version, due_on
    FROM unnest(CAST(:household_id AS uuid[]), CAST(:number AS text[]), CAST(:path AS text[]), CAST(:region AS text[]),
                CAST(:level AS text[]), CAST(:level_since AS date[]), CAST(:standings AS text[]),
                CAST(:outcomes AS text[]), CAST(:figures AS text[]), CAST(:indicators AS text[]),
                CAST(:digest AS text[]), CAST(:received AS bigint[]), CAST(:gate AS bigint[]),
                CAST(:version AS bigint[]), CAST(:due_on AS date[]))
         AS new(household_id, number, path, region, level, level_since, standings, outcomes, figures, indicators,
                digest, received, gate, version, due_on)
    ON CONFLICT (household_id) DO UPDATE SET
        number = excluded.number, path = excluded.path, region = excluded.region, level = excluded.level,
        level_since = excluded.level_since, standings = excluded.standings, outcomes = excluded.outcomes,
        figures = excluded.figures, indicators = excluded.indicators, digest = excluded.digest,
        received = excluded.received, gate = excluded.gate, version = excluded.version, due_on = excluded.due_on
""")

_MARK_READ = text("""
    UPDATE profiles AS p SET received = new.received, gate = new.gate, due_on = new.due_on
    FROM unnest(CAST(:household_id AS uuid[]), CAST(:received AS bigint[]), CAST(:gate AS bigint[]),
                CAST(:due_on AS date[])) AS new(household_id, received, gate, due_on)
    WHERE p.household_id = new.household_id
""")

_COUNT = text("""
    INSERT INTO level_counts AS c (path, level, households)
    SELECT path, level, change
    FROM unnest(CAST(:paths AS text[]), CAST(:levels AS text[]), CAST(:changes AS bigint[])) AS new(path, level, change)
    ON CONFLICT (path, level) DO UPDATE SET households = c.households + excluded.households
""")

_PASS_OVER = text("""
    UPDATE profiles SET gate = :gate WHERE household_id IN (
        SELECT household_id FROM profiles WHERE gate < :gate AND gate >= :policy AND due_on > :on
          AND NOT EXISTS (SELECT FROM alert_acts AS a WHERE a.household_id = profiles.household_id AND NOT a.applied)
          AND NOT EXISTS (SELECT FROM case_steps AS s WHERE s.household_id = profiles.household_id AND NOT s.applied)
        ORDER BY household_id FOR UPDATE
    )
""")

# What somebody did comes before what everybody waits for; the order of the index lets a chunk end where it is full.
_BEHIND = text("""
    SELECT household_id FROM (
        SELECT household_id, 1 AS turn FROM alert_acts WHERE NOT applied
        UNION ALL SELECT household_id, 1 FROM case_steps WHERE NOT applied
        UNION ALL (SELECT household_id, 2 FROM profiles WHERE gate < :gate ORDER BY gate, household_id LIMIT :most)
    ) AS waiting ORDER BY turn LIMIT :most
""")


async def concerned(
    tx: AsyncConnection, fact_ids: Collection[UUID], households: Collection[UUID], persons: Collection[UUID]
) -> tuple[set[UUID], bool]:
    """The households whose fold facts may change: theirs by any revision, their persons', and those they merged into.

    And whether an earlier revision of one of the facts was of nobody's.
    """
    given = {"ids": list(fact_ids), "households": list(households), "persons": list(persons), "joined": _JOINED}
    found = set((await tx.execute(_CONCERNED, given)).scalars())
    return {household_id for household_id in found if household_id is not None}, None in found


async def pending(tx: AsyncConnection, households: Collection[UUID]) -> list[Received[Any]]:
    """What officers did and these households have not taken up, in the order of the received log."""
    return [event_of(row) for row in await tx.execute(_PENDING, {"households": list(households)})]


async def merged_into(tx: AsyncConnection, households: Collection[UUID]) -> set[UUID]:
    """The households that were ever merged into these."""
    return set((await tx.execute(_MERGED_INTO, {"households": list(households)})).scalars())


async def facts_of(
    tx: AsyncConnection, households: Collection[UUID], persons: Collection[UUID], loose: Collection[UUID]
) -> list[Fact]:
    """The facts of households and of everybody who was ever a member, of further persons, and nobody's by id."""
    result = await tx.execute(
        _FACTS,
        {"households": list(households), "persons": list(persons), "loose": list(loose), "joined": _JOINED},
    )
    return [_fact(row) for row in result]


def _fact(row: Row[Any]) -> Fact:
    return Fact(
        id=row.fact_id,
        kind=row.kind,
        household_id=row.household_id,
        person_id=row.person_id,
        revision=row.revision,
        void=row.void,
        on=row.occurred_on,
        amount=row.amount,
        data=from_json(row.data),
        received=row.received,
        event_id=row.event_id,
        source=row.source,
    )


async def write_facts(tx: AsyncConnection, facts: Iterable[Fact]) -> None:
    """Keep these facts where they are newer than what is there; sorted, so that two batches never wait crosswise."""
    ordered = sorted(facts, key=lambda fact: fact.id)
    if not ordered:
        return
    await tx.execute(
        _WRITE_FACTS,
        {
            "fact_id": [fact.id for fact in ordered],
            "household_id": [fact.household_id for fact in ordered],
            "person_id": [fact.person_id for fact in ordered],
            "kind": [fact.kind for fact in ordered],
            "revision": [fact.revision for fact in ordered],
            "void": [fact.void for fact in ordered],
            "occurred_on": [fact.on for fact in ordered],
            "amount": [fact.amount for fact in ordered],
            "data": [dumps(fact.data, ensure_ascii=False) for fact in ordered],
            "received": [fact.received for fact in ordered],
            "event_id": [fact.event_id for fact in ordered],
            "source": [fact.source for fact in ordered],
        },
    )


async def profiles(tx: AsyncConnection, households: Collection[UUID]) -> dict[UUID, Row[Any]]:
    """The profile rows that are there."""
    result = await tx.execute(_PROFILES, {"ids": list(households)})
    return {row.household_id: row for row in result}


async def write_profiles(tx: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write whole profile rows, by ascending household."""
    await _in_bulk(tx, _WRITE_PROFILES, rows)


async def mark_read(tx: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """Write down how far profiles have read, where nothing that is shown has changed."""
    await _in_bulk(tx, _MARK_READ, rows)


async def _in_bulk(tx: AsyncConnection, statement: Any, rows: Sequence[Mapping[str, object]]) -> None:
    if rows:
        await tx.execute(statement, {name: [row[name] for row in rows] for name in rows[0]})


async def count(tx: AsyncConnection, changes: Mapping[tuple[str, str], int]) -> None:
    """Add to the counts of households by path and level."""
    moved = sorted((key, change) for key, change in changes.items() if change)
    if moved:
        await tx.execute(
            _COUNT,
            {
                "paths": [path for (path, _), _ in moved],
                "levels": [level for (_, level), _ in moved],
                "changes": [change for _, change in moved],
            },
        )


async def pass_over(tx: AsyncConnection, *, gate: int, policy: int, on: date) -> int:
    """Move profiles past ticks that change nothing for them: not due, and no policy change missed."""
    result = await tx.execute(_PASS_OVER, {"gate": gate, "policy": policy, "on": on})
    return int(result.rowcount)


async def behind(tx: AsyncConnection, *, gate: int, most: int) -> list[UUID]:
    """Households that have not taken up all ticks, policy changes, acts of officers and steps of cases, ascending."""
    return sorted(set((await tx.execute(_BEHIND, {"gate": gate, "most": most})).scalars()))


async def rebuilds_and_gates(tx: AsyncConnection) -> tuple[int, int]:
    """How often the projections were replaced, and the number of the last tick or policy change."""
    rebuilds, gates = (await tx.execute(_REBUILDS_AND_GATES)).one()
    return int(rebuilds), int(gates)
