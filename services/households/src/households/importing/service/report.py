"""The problem workbook of a job: the rows of parked households with the wrong cells marked."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

import workbook
from kit.cipher import FieldCipher

from ..queries import imported_page
from ..rules import State, Trouble
from .settle import known_job
from .upload import open_rows

MOST_HOUSEHOLDS = 5000


async def problem_workbook(tx: AsyncConnection, job_id: UUID, *, cipher: FieldCipher) -> bytes:
    """The workbook; corrected, it can be uploaded again as it is.

    Raises:
        ImportUnknown: not there or not in scope.
    """
    job = await known_job(tx, job_id)
    parked = await imported_page(tx, job_id, state=State.PARKED, after=0, limit=MOST_HOUSEHOLDS)
    rows: dict[int, Sequence[str]] = {}
    troubles: dict[Trouble, None] = {}
    for item in parked:
        rows |= open_rows(item.rows or b"", job_id, item.position, cipher)
        troubles |= dict.fromkeys(item.problems)
    return workbook.write_problems(
        title=job.title,
        exported_on=job.exported_on,
        headers=job.headers,
        rows=dict(sorted(rows.items())),
        problems=sorted(troubles, key=lambda trouble: (trouble.row, trouble.column)),
    )
