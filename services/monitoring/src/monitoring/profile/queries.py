"""Reading and writing facts and profiles, in bulk: a few statements per batch, whatever its size."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from json import dumps
from typing import Any, Final
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from ..risk.rules import Fact
from .rules import JOINED

_JOINED: Final = sorted(JOINED)

_COLUMNS: Final = """
    fact_id, household_id, person_id, kind, revision, void, occurred_on, amount, data::text AS data, received,
    event_id, source
"""

_REBUILDS = text("SELECT coalesce(max(number), 0) FROM rebuilds")

_KNOWN = text("""
    SELECT fact_id, household_id, person_id, revision FROM facts WHERE fact_id = ANY(CAST(:ids AS uuid[]))
""")

_HOMES = text("""
    SELECT DISTINCT household_id FROM facts
    WHERE person_id = ANY(CAST(:persons AS uuid[])) AND kind = ANY(CAST(:joined AS text[]))
      AND household_id IS NOT NULL
""")

# The kinds stand there literally, as in the partial index: merges are few.
_PARTNERS = text("""
    SELECT CAST(coalesce(data->>'into_id', data->>'from_id') AS uuid) AS partner FROM facts
    WHERE household_id = ANY(CAST(:households AS uuid[])) AND kind IN ('HouseholdMerged', 'HouseholdUnmerged')
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
_LAST_BEHIND = text("""
    SELECT household_id FROM profiles WHERE gate < :gate ORDER BY gate DESC, household_id DESC LIMIT :most
""")


async def known(tx: AsyncConnection, fact_ids: Collection[UUID]) -> dict[UUID, Row[Any]]:
    """Household, person and revision of the facts that are there."""
    result = await tx.execute(_KNOWN, {"ids": list(fact_ids)})
    return {row.fact_id: row for row in result}


async def homes(tx: AsyncConnection, persons: Collection[UUID]) -> set[UUID]:
    """The households these persons are or were members of."""
    if not persons:
        return set()
    return set((await tx.execute(_HOMES, {"persons": list(persons), "joined": _JOINED})).scalars())


async def partners(tx: AsyncConnection, households: Collection[UUID]) -> set[UUID]:
    """The households that these were ever merged into."""
    return set((await tx.execute(_PARTNERS, {"households": list(households)})).scalars())


async def merged_into(tx: AsyncConnection, households: Collection[UUID]) -> set[UUID]:
    """The households that were ever merged into these."""
    return set((await tx.execute(_MERGED_INTO, {"households": list(households)})).scalars())


async def facts_of(
    tx: AsyncConnection, households: Collection[UUID], persons: Collection[UUID], loose: Collection[UUID]
) -> list[Fact]:
    """The facts of households and of everybody who was ever a member, of further persons, and unmatched ones by id."""
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


async def last_behind(tx: AsyncConnection, *, gate: int, most: int) -> list[UUID]:
    """Those of them that whoever begins at the other end comes to last, ascending."""
    return sorted((await tx.execute(_LAST_BEHIND, {"gate": gate, "most": most})).scalars())


async def rebuilds(tx: AsyncConnection) -> int:
    """How often the projections were replaced."""
    return int((await tx.execute(_REBUILDS)).scalar_one())
