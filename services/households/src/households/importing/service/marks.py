"""Writing what became of the households of a job, in one statement each."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.bulk import columns_of, write_columns

from ..queries import Content
from ..rules import State, Trouble
from ..tables import import_contents


# Not frozen, as the rows of the registry.
@dataclass(slots=True, kw_only=True)
class Mark:
    """What became of one household."""

    position: int
    state: State
    attempts: int
    problems: tuple[Trouble, ...] = ()
    household_id: UUID | None = None
    trace: str | None = None


# what is taken needs its sealed rows no longer, what is taken back no trace;
# the places are said once more so that the other households of a large file are not looked at
_MARK = text("""
    WITH changing AS (UPDATE import_jobs SET counts = NULL WHERE id = :job_id AND counts IS NOT NULL)
    UPDATE import_households AS h
    SET state = new.state, attempts = new.attempts, problems = CAST(new.problems AS jsonb),
        household_id = new.household_id,
        rows = CASE WHEN new.state IN ('ready', 'parked') THEN h.rows END,
        record = CASE WHEN new.state = 'ready' THEN h.record END,
        trace = CASE WHEN new.state <> 'undone' THEN coalesce(CAST(new.trace AS jsonb), h.trace) END
    FROM unnest(CAST(:positions AS integer[]), CAST(:states AS text[]), CAST(:attempts AS smallint[]),
                CAST(:problems AS text[]), CAST(:households AS uuid[]), CAST(:traces AS text[]))
         AS new(position, state, attempts, problems, household_id, trace)
    WHERE h.job_id = :job_id AND h.position = new.position AND h.position = ANY(CAST(:positions AS integer[]))
""")


async def mark(tx: AsyncConnection, job_id: UUID, marks: Sequence[Mark]) -> None:
    """Write the marks."""
    told = {
        "positions": [item.position for item in marks],
        "states": [item.state.value for item in marks],
        "attempts": [item.attempts for item in marks],
        "problems": [json.dumps([trouble.told for trouble in item.problems], ensure_ascii=False) for item in marks],
        "households": [item.household_id for item in marks],
        "traces": [item.trace for item in marks],
    }
    await tx.execute(_MARK, {"job_id": job_id, **told})


async def remember(tx: AsyncConnection, contents: Sequence[Content]) -> None:
    """Keep what the newest export said about each household."""
    await write_columns(tx, import_contents, columns_of(contents, Content.__slots__), conflict="replace")
